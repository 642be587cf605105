/** How long a Lease is still ours, by whichever clock says that it is over first. */

export interface Moment {
  /** A clock that never steps, ms; it stands still while the machine is suspended. */
  readonly elapsed: number;
  /** The host's wall clock, ms since 1970; it goes on in a suspend, but may be set back. */
  readonly wall: number;
  /** The API server's clock as far as its answers tell, ms since 1970: by it the next holder judges. */
  readonly server: number | undefined;
}

export interface LeaseTerm {
  readonly askedAt: Moment;
  /** From the moment of asking. */
  readonly forMs: number;
}

/** To believe the fastest clock may cost one renewal; to believe a slower one may cost a write beside another holder's. */
export function leftOf({ askedAt, forMs }: LeaseTerm, now: Moment): number {
  const byServer = askedAt.server === undefined || now.server === undefined ? 0 : now.server - askedAt.server;
  return forMs - Math.max(now.elapsed - askedAt.elapsed, now.wall - askedAt.wall, byServer);
}
