/** What every ledger must do, whatever database is under it: call `ledgerContract` with a way to open one. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PortError, type Record, type RecordBody } from "@kintsugi/core";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Ledger } from "../ledger.ts";
import { act, DAY, decided, draft, knownGood, openIncident, resolvedIncident, silenced, T0, ticket } from "./records.ts";

export interface LedgerUnderTest {
  /** Opens the ledger that lives in `folder`; the second call sees what the first wrote. */
  open(folder: string): Promise<Ledger>;
}

export function ledgerContract(name: string, subject: LedgerUnderTest): void {
  describe(`${name} keeps the ledger contract`, () => {
    let folder: string;
    let ledger: Ledger;

    beforeEach(async () => {
      folder = mkdtempSync(join(tmpdir(), "kintsugi-ledger-"));
      ledger = await subject.open(folder);
    });
    afterEach(async () => {
      await ledger.close();
      rmSync(folder, { recursive: true, force: true });
    });

    async function reopen(): Promise<void> {
      await ledger.close();
      ledger = await subject.open(folder);
    }
    const add = (...bodies: readonly RecordBody[]): Promise<readonly Record[]> => ledger.append(bodies.map((body, i) => draft(body, { at: T0 + i })));
    const types = (records: readonly Record[]): string[] => records.map((record) => record.body.type);

    it("numbers records from 1 and links each to the one before", async () => {
      const [first, second] = await add({ type: "started", reason: "a" }, { type: "paused", reason: "b" });
      expect(first).toMatchObject({ seq: 1, previous: "0".repeat(64) });
      expect(second).toMatchObject({ seq: 2, previous: first?.hash });
      expect(await ledger.verify()).toMatchObject({ ok: true, records: 2 });
    });

    it("gives back exactly what was appended, also after it was closed and opened", async () => {
      const appended = await add(openIncident("inc-1"), knownGood("cart", 3), { type: "resumed", reason: 'a "quoted" – reason\n' });
      await reopen();
      expect(await ledger.read({ fromSeq: 1, limit: 10 })).toEqual(appended);
      expect(await ledger.read({ fromSeq: 2, limit: 1 })).toEqual([appended[1]]);
    });

    it("gives what decisions were made from only to those who ask for it", async () => {
      const [appended] = await add(decided("inc-1", '{"seen":"much"}'));
      expect((await ledger.find({ order: "oldest-first", limit: 1, inputs: true }))[0]).toEqual(appended);
      for (const [record] of [await ledger.find({ order: "oldest-first", limit: 1 }), await ledger.restore()])
        expect(record).toMatchObject({ hash: appended?.hash, body: { incident: { id: "inc-1" }, inputs: { json: undefined, decisionHash: "d" } } });
    });

    it("lets others run between pages, however many are read", async () => {
      await add(openIncident("inc-1"));
      let others = 0;
      let reading = true;
      const count = (): void => {
        others++;
        if (reading) setImmediate(count);
      };
      setImmediate(count);
      for (let i = 0; i < 50; i++) await ledger.find({ order: "oldest-first", limit: 1 });
      reading = false;
      expect(others).toBeGreaterThanOrEqual(49);
    });

    async function aMonthOfRecords(): Promise<void> {
      await ledger.append(Array.from({ length: 2_000 }, (_, i) => draft(openIncident(`inc-${i % 7}`), { at: T0 + i })));
      await ledger.append([draft({ type: "started", reason: "next month" }, { at: T0 + 30 * DAY })]);
    }
    const ofLastDays = { now: T0 + 30 * DAY, keepMs: 20 * DAY };

    it("deletes in slices: what comes meanwhile is stored between them", async () => {
      await aMonthOfRecords();
      let isDone = false;
      const deleting = ledger.retain(ofLastDays).finally(() => {
        isDone = true;
      });
      let stored = 0;
      for (; !isDone; stored++) {
        await ledger.append([draft({ type: "paused", reason: "meanwhile" }, { at: T0 + 30 * DAY })]);
        await new Promise((resolve) => setImmediate(resolve));
      }
      expect(stored).toBeGreaterThan(3);
      expect(await deleting).toEqual({ deleted: 1_993, keptOlder: 7 });
      expect(await ledger.verify()).toMatchObject({ ok: true, records: 1 + stored, kept: 7 });
    });

    it("is whole when its process ends in the middle of deleting, and goes on from there", async () => {
      await aMonthOfRecords();
      const broken = ledger.retain(ofLastDays);
      await new Promise((resolve) => setImmediate(resolve));
      await reopen();
      await expect(broken).rejects.toThrow();
      const check = await ledger.verify();
      expect(check).toMatchObject({ ok: true });
      const left = await ledger.find({ order: "oldest-first", limit: 3_000 });
      expect(left.length).toBeGreaterThan(8);
      expect(left.length).toBeLessThan(2_001);
      expect(await ledger.retain(ofLastDays)).toMatchObject({ keptOlder: 7 });
      expect(await ledger.verify()).toMatchObject({ ok: true, records: 1, kept: 7 });
    });

    it("keeps its id for ever", async () => {
      const { id } = ledger;
      expect(id).not.toBe("");
      await reopen();
      expect(ledger.id).toBe(id);
    });

    it("refuses a leader that was replaced, and stores nothing of its batch", async () => {
      await ledger.append([draft({ type: "started", reason: "new leader" }, { epoch: 7 })]);
      const late = ledger.append([draft({ type: "paused", reason: "ok" }, { epoch: 7 }), draft({ type: "paused", reason: "late" }, { epoch: 6 })]);
      await expect(late).rejects.toMatchObject({ failure: { kind: "denied" } });
      await expect(late).rejects.toBeInstanceOf(PortError);
      expect(ledger.head()).toMatchObject({ seq: 1, epoch: 7 });
      await reopen();
      await expect(ledger.append([draft({ type: "paused", reason: "late" }, { epoch: 6 })])).rejects.toMatchObject({ failure: { kind: "denied" } });
    });

    it("finds records by incident, type and time, in both directions", async () => {
      await add(openIncident("inc-1"), openIncident("inc-2"), act("inc-1"), { type: "paused", reason: "x" }, resolvedIncident("inc-1", T0 + 4));
      const about = await ledger.find({ incident: "inc-1", order: "oldest-first", limit: 10 });
      expect(types(about)).toEqual(["incident", "act", "incident"]);
      expect((await ledger.find({ types: ["paused", "act"], order: "newest-first", limit: 10 })).map((r) => r.seq)).toEqual([4, 3]);
      expect((await ledger.find({ since: T0 + 1, until: T0 + 3, order: "oldest-first", limit: 10 })).map((r) => r.seq)).toEqual([2, 3]);
      expect((await ledger.find({ beforeSeq: 3, order: "newest-first", limit: 1 })).map((r) => r.seq)).toEqual([2]);
    });

    it("restores the last word on each incident, switch, silence and spec, and every act that a budget may count", async () => {
      await add(
        openIncident("inc-1"),
        resolvedIncident("inc-1", T0 + 1),
        openIncident("inc-2"),
        { type: "paused", reason: "a" },
        { type: "resumed", reason: "b" },
        silenced("s-1", T0 + DAY),
        silenced("s-2", T0 + DAY),
        { type: "unsilenced", id: "s-2" },
        act("inc-1"),
        act("inc-1"),
        knownGood("cart", 2),
        knownGood("cart", 3),
        knownGood("cart", 2),
      );
      const restored = (await ledger.restore()).map((record) => record.seq);
      expect(restored).toEqual([2, 3, 5, 6, 9, 10, 12, 13]);
    });

    it("keeps the last word on each version, however old", async () => {
      const seen = (component: "api-server" | "kubelet", version: string, changed: boolean) => ({ type: "version", component, version, changed }) as const;
      await add(seen("kubelet", "v1.34.4", false), seen("api-server", "v1.34.4", false), seen("api-server", "v1.35.0", true), seen("kubelet", "v1.35.0", true));
      await add(seen("kubelet", "v1.35.0", true));
      await ledger.append([draft({ type: "started", reason: "next month" }, { at: T0 + 30 * DAY })]);
      expect((await ledger.restore()).map((record) => record.seq)).toEqual([1, 2, 3, 5, 6]);
    });

    it("forgets old acts, ended incidents and silences that ran out when rebuilding", async () => {
      await add(openIncident("inc-1"), act("inc-1"), resolvedIncident("inc-1", T0), silenced("s-1", T0 + DAY), openIncident("inc-2"), knownGood("cart", 2));
      await ledger.append([draft({ type: "started", reason: "next month" }, { at: T0 + 30 * DAY })]);
      expect(types(await ledger.restore())).toEqual(["incident", "known-good", "started"]);
    });

    it("never forgets the highest number of an incident, so that no number is given twice", async () => {
      await add(resolvedIncident("inc-9", T0), resolvedIncident("inc-10", T0), resolvedIncident("inc-8", T0));
      await ledger.append([draft({ type: "started", reason: "next month" }, { at: T0 + 30 * DAY })]);
      expect((await ledger.restore()).map((record) => record.seq)).toEqual([2, 4]);
    });

    it("restores open tickets however old, closed ones for a while, and the highest number of them for ever", async () => {
      await add(ticket("tic-1", "open"), ticket("tic-2", "open"), ticket("tic-2", "closed"), ticket("cwf-10", "closed"), ticket("tic-9", "closed"));
      await add(resolvedIncident("inc-20", T0));
      expect((await ledger.restore()).map((record) => record.seq)).toEqual([1, 3, 4, 5, 6]);
      expect((await ledger.find({ incident: "tic-2", order: "oldest-first", limit: 10 })).map((record) => record.seq)).toEqual([2, 3]);
      await ledger.append([draft({ type: "started", reason: "next month" }, { at: T0 + 30 * DAY })]);
      expect((await ledger.restore()).map((record) => record.seq)).toEqual([1, 4, 6, 7]);
    });

    it("deletes what is old, keeps what is needed, and can still be verified", async () => {
      await add(openIncident("inc-1"), act("inc-1"), resolvedIncident("inc-1", T0), openIncident("inc-2"), knownGood("cart", 2), {
        type: "paused",
        reason: "x",
      });
      await ledger.append([draft(openIncident("inc-3"), { at: T0 + 100 * DAY }), draft(act("inc-3"), { at: T0 + 100 * DAY + 1 })]);
      const before = await ledger.restore();
      expect(await ledger.retain({ now: T0 + 101 * DAY, keepMs: 50 * DAY })).toEqual({ deleted: 3, keptOlder: 3 });
      expect(await ledger.restore()).toEqual(before);
      expect(await ledger.verify()).toMatchObject({ ok: true, records: 2, kept: 3 });
      await reopen();
      const [next] = await ledger.append([draft(resolvedIncident("inc-2", T0 + 101 * DAY), { at: T0 + 101 * DAY })]);
      expect(next?.seq).toBe(9);
      expect(await ledger.retain({ now: T0 + 101 * DAY, keepMs: 0 })).toEqual({ deleted: 1, keptOlder: 4 });
      expect(await ledger.verify()).toMatchObject({ ok: true, records: 1, kept: 4 });
    });

    it("counts age up to its newest record when the clock of the host is far ahead, and up to that clock when it is behind", async () => {
      for (let i = 0; i <= 100; i++) await ledger.append([draft({ type: "started", reason: "day" }, { at: T0 + i * DAY })]);
      expect(await ledger.retain({ now: Date.parse("2038-01-19T03:14:08Z"), keepMs: 90 * DAY })).toMatchObject({ deleted: 10 });
      expect(await ledger.retain({ now: 0, keepMs: 90 * DAY })).toMatchObject({ deleted: 0 });
      expect(await ledger.verify()).toMatchObject({ ok: true, records: 91 });
    });

    it("never deletes its newest record, and does nothing twice", async () => {
      await add({ type: "started", reason: "a" }, { type: "started", reason: "b" });
      expect(await ledger.retain({ now: T0 + 100 * DAY, keepMs: 0 })).toEqual({ deleted: 1, keptOlder: 0 });
      expect(await ledger.retain({ now: T0 + 100 * DAY, keepMs: 0 })).toEqual({ deleted: 0, keptOlder: 0 });
      expect(ledger.head().seq).toBe(2);
      expect(await ledger.verify()).toMatchObject({ ok: true, records: 1 });
    });

    it("verifies while records are appended and old ones deleted", async () => {
      for (let i = 0; i < 30; i++) await ledger.append(Array.from({ length: 100 }, (_, j) => draft(openIncident("inc-1"), { at: T0 + i * DAY + j })));
      const check = ledger.verify();
      const same = ledger.verify();
      await new Promise((resolve) => setImmediate(resolve));
      await ledger.append([draft({ type: "paused", reason: "meanwhile" }, { at: T0 + 30 * DAY })]);
      await ledger.retain({ now: T0 + 30 * DAY, keepMs: 10 * DAY });
      expect(await check).toMatchObject({ ok: true });
      expect(await same).toEqual(await check);
      expect(await ledger.verify()).toMatchObject({ ok: true, records: 1001 });
    });

    it("says whether a write would be durable now, without leaving a record", async () => {
      await ledger.check();
      expect(ledger.head().seq).toBe(0);
    });

    it("appends a batch of nothing as nothing", async () => {
      expect(await ledger.append([])).toEqual([]);
      expect(ledger.head().seq).toBe(0);
    });
  });
}
