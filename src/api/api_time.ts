/** The time that the API needs. `Clock` of clock.ts fits. */
export interface ApiTime {
  /** Monotonic clock, ms since an arbitrary start. */
  monotonic(): number;
  /** Calls `fire` once after `ms`, unless it is taken back. */
  after(ms: number, fire: () => void): {
    /** Takes it back; harmless afterwards. */
    cancel(): void;
  };
}
