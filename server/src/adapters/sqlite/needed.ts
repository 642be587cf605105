/**
 * Which records the engine needs to rebuild its state. Retention keeps exactly these when they grow old, so both read the one definition here.
 *
 * Time is the ledger's own: "now" is the newest record's `at`, so that a wrong wall clock can neither forget a budget nor revive a silence.
 */
import type { DatabaseSync } from "node:sqlite";

const DAY_MS = 86_400_000;

/** As long as the longest window of a policy that counts acts or resolved incidents (`core/src/model/policy.ts`). */
const BUDGET_WINDOW_MS = 7 * DAY_MS;

/** Specs that were seen healthy, per object: the newest this many different ones. */
const KNOWN_GOOD_PER_OBJECT = 5;

/** Objects whose specs are remembered, over all: those of the newest records. */
const KNOWN_GOOD_TOTAL = 50_000;

const NEEDED = `
  WITH head AS (SELECT seq AS head_seq, at - ${BUDGET_WINDOW_MS} AS since FROM records ORDER BY seq DESC LIMIT 1),
  newest AS (
    -- The last word on every incident, ticket, silence, veto, spec, version, and on the switches that have no key.
    SELECT type AS topic, key AS name, CASE WHEN type IN ('known-good', 'version') THEN sub ELSE '' END AS part, max(seq) AS newest_seq
    FROM records
    WHERE type IN ('incident', 'ticket', 'vetoed', 'known-good', 'policy', 'storm', 'version', 'started')
    GROUP BY 1, 2, 3
    UNION ALL
    SELECT 'pause', '', '', max(seq) FROM records WHERE type IN ('paused', 'resumed') HAVING max(seq) IS NOT NULL
    UNION ALL
    SELECT 'silence', key, '', max(seq) FROM records WHERE type IN ('silenced', 'unsilenced') GROUP BY key
  ),
  ranked AS (
    SELECT topic, newest_seq,
      row_number() OVER (PARTITION BY topic, name ORDER BY newest_seq DESC) AS place,
      row_number() OVER (PARTITION BY topic ORDER BY newest_seq DESC) AS place_over_all
    FROM newest
  )
  SELECT seq FROM ranked JOIN records ON seq = newest_seq, head
  WHERE CASE topic
    WHEN 'known-good' THEN place <= ${KNOWN_GOOD_PER_OBJECT} AND place_over_all <= ${KNOWN_GOOD_TOTAL}
    -- A resolved incident can be undone or come back for a while; what is over for longer than that is history.
    WHEN 'incident' THEN sub <> 'resolved' OR at >= since
    WHEN 'ticket' THEN sub = 'open' OR at >= since
    WHEN 'silence' THEN coalesce(json_extract(text, '$.body.silence.until'), 0) >= since
    WHEN 'vetoed' THEN json_extract(text, '$.body.until') >= since
    ELSE true
  END
  UNION
  SELECT seq FROM records, head WHERE type IN ('act', 'vetoed') AND at >= since
  UNION
  -- The next incident, and the next ticket, get the number after the highest, however long ago that one ended.
  SELECT max(seq) FROM records AS one WHERE type IN ('incident', 'ticket') GROUP BY type, key
    HAVING CAST(substr(key, 5) AS INTEGER) = (SELECT max(CAST(substr(key, 5) AS INTEGER)) FROM records WHERE type = one.type)
  UNION
  SELECT head_seq FROM head
  ORDER BY 1
`;

/** Positions of the needed records, in order. */
export function neededSeqs(db: DatabaseSync): readonly number[] {
  return db
    .prepare(NEEDED)
    .all()
    .map((row) => Number(row["seq"]));
}
