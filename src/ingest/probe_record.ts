/** So many probes in a row that reach nobody, and it is said. */
const LOST = 3;
/** Wait after a cut that no answered probe has followed, ms; it doubles up to the longest. */
const AGAIN = 60_000;
const LONGEST = 3_600_000;

/** What has become of a session's probes, over all its connections, and what follows from it. */
export class ProbeRecord {
  #everAnswered = false;
  #lost = 0;
  #cuts = 0;
  #notBefore = -Infinity;

  /** A probe has come back to the session. */
  answered(): void {
    this.#everAnswered = true;
    this.#lost = 0;
    this.#cuts = 0;
    this.#notBefore = -Infinity;
  }

  /** Messages come: where probes are known to, too, the last cut has helped. */
  flows(): void {
    if (this.#everAnswered) [this.#cuts, this.#notBefore] = [0, -Infinity];
  }

  /**
   * A probe came back to nobody.
   *
   * @returns what to do: `say` that probes show nothing, or say so and `give_up`; one that has come back before may do
   *   so again, of the others the broker need not hear every few seconds
   */
  lost(): "go_on" | "say" | "give_up" {
    if (++this.#lost < LOST) return "go_on";
    this.#lost = 0;
    return this.#everAnswered ? "say" : "give_up";
  }

  /**
   * A probe came back to the second client alone: may the session be connected anew? A cut that helped is followed by
   * an answered probe, or by messages. After one that did not the next has to wait, longer each time: access rules may
   * let the second client alone listen.
   *
   * @param now monotonic clock, ms
   */
  stalled(now: number): "cut" | "wait" {
    if (now < this.#notBefore) return "wait";
    this.#notBefore = now + Math.min(AGAIN * 2 ** this.#cuts++, LONGEST);
    return "cut";
  }
}
