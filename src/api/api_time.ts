/** The time that the API needs. `Clock` of clock.ts fits. */
export interface ApiTime {
  /** Wall clock, ms since 1970-01-01T00:00:00Z. */
  wall(): number;
  /** Monotonic clock, ms since an arbitrary start. */
  monotonic(): number;
  /** Calls `fire` once after `ms`, unless it is taken back. */
  after(ms: number, fire: () => void): {
    /** Takes it back; harmless afterwards. */
    cancel(): void;
  };
}
