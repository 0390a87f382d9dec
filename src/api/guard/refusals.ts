import type { AuditNote } from "../../model/mod.ts";
import type { ApiTime } from "../api_time.ts";
import { RateLimiter } from "./rate_limit.ts";

/** Refusals of one address and kind within it become one entry and a second with their count, ms. */
const MINUTE = 60_000;
/** Entries about refusals: 20 at once, then two a minute, so that no flood fills the log. */
const ENTRIES = { perSecond: 1 / 30, burst: 20 };

/**
 * Refusals on their way into the audit. The first of an address stands there at once; what else comes from it within the
 * minute is counted, and the count follows. Where too many addresses are refused, they are counted together.
 */
export class Refusals {
  readonly #record: (note: AuditNote) => void;
  readonly #time: ApiTime;
  readonly #budget: RateLimiter;
  #minute: { cancel(): void } | undefined;
  /** By address and kind: the last one and how many there were since the first. */
  #seen = new Map<string, { last: AuditNote; more: number }>();
  /** Those that nothing was recorded of. */
  #others = 0;

  /** Nobody was refused yet. */
  constructor(record: (note: AuditNote) => void, time: ApiTime) {
    this.#record = record;
    this.#time = time;
    this.#budget = new RateLimiter(ENTRIES, () => time.monotonic());
  }

  /** Takes a refusal in. */
  note(note: AuditNote): void {
    this.#minute ??= this.#time.after(MINUTE, () => this.#minuteOver());
    const key = `${note.action} ${note.address}`;
    const seen = this.#seen.get(key);
    if (seen !== undefined) {
      seen.more++;
      seen.last = note;
    } else if (this.#mayRecord()) {
      this.#seen.set(key, { last: note, more: 0 });
      this.#record(note);
    } else this.#others++;
  }

  /** Records what was counted so far, and waits for nothing any more. */
  close(): void {
    this.#minute?.cancel();
    this.#minute = undefined;
    this.#flush(() => true);
  }

  #minuteOver(): void {
    this.#minute = undefined;
    this.#flush(() => this.#mayRecord());
    if (this.#others > 0) this.#minute = this.#time.after(MINUTE, () => this.#minuteOver());
  }

  #flush(may: () => boolean): void {
    const seen = this.#seen;
    this.#seen = new Map();
    for (const { last, more } of seen.values()) {
      if (more === 0) continue;
      if (may()) this.#record({ ...last, detail: { ...last.detail, count: more } });
      else this.#others += more;
    }
    if (this.#others === 0 || !may()) return;
    const detail = { reason: "various", count: this.#others };
    this.#others = 0;
    const nobody = { actor: "anonymous", role: null, address: null, request_id: null, target: null };
    this.#record({ action: "refused", ...nobody, detail });
  }

  #mayRecord(): boolean {
    return this.#budget.take("entries") === 0;
  }
}
