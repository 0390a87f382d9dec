import type { Window } from "../downsample/mod.ts";
import type { Message, Point, Reason, Refused, Rules, Stamp } from "../model/mod.ts";

/** Refusals of messages that only explain themselves with one that came before. */
const UNEXPLAINED: ReadonlySet<Reason> = new Set<Reason>(["no_birth", "sequence_gap", "unknown_alias"]);

/**
 * Messages behind a gap after which every twin that the broker may still send is known: as many as the river
 * remembers of a session.
 */
const TWIN_MEMORY = 32_767;

/**
 * From which event time on nothing is missing (H6). A device may be ahead by as much as its profile's `max_future`:
 * up to there windows may have begun with what is missing.
 */
export class Edge {
  readonly #rules: Rules;
  /** Time of receipt up to which records are missing, ms; Infinity: no record behind them has said the time yet. */
  #at = -Infinity;
  /** The same for what is missing of single devices. */
  readonly #devices = new Map<string, number>();
  readonly #windows = new WeakSet<Window>();
  /** Messages since records were missing; Infinity: every twin of one that comes is known. */
  #messages = Infinity;
  #any = false;

  /**
   * Nothing is missing.
   *
   * @param rules whose profiles say how far a device may be ahead
   */
  constructor(rules: Rules) {
    this.#rules = rules;
  }

  /**
   * Records are missing here.
   *
   * @param windows that are open or held: what is missing may belong into any of them
   */
  begin(windows: Iterable<Window>): void {
    for (const window of windows) this.#windows.add(window);
    this.#at = Infinity;
    this.#messages = 0;
    this.#any = true;
  }

  /** The next record is there. */
  pass({ receivedAt, implausible }: Stamp): void {
    if (this.#at === Infinity && !implausible) this.#at = receivedAt;
  }

  /**
   * The broker opened a session.
   *
   * @returns whether what it may send again is as good as a gap: its first copy may have come before one
   */
  doubts(resumed: boolean): boolean {
    const doubted = this.#messages < TWIN_MEMORY;
    if (!resumed) this.#messages = Infinity;
    return doubted && resumed;
  }

  /** A message comes. A retained one counts only where its device's newest was another, which may be missing. */
  message({ retain }: Message, { receivedAt }: Stamp, device: string | null | undefined): void {
    this.#messages++;
    if (retain && this.#any) this.#missing(device ?? null, receivedAt);
  }

  /** Something was refused, perhaps only because what would explain it is missing. */
  refused({ refusal, device, receivedAt }: Refused): void {
    if (this.#any && UNEXPLAINED.has(refusal.reason)) this.#missing(device, receivedAt);
  }

  /** Whether something that is missing may belong to a point, of this window if it is of one. */
  cuts({ stream, ms }: Point, window?: Window): boolean {
    if (!this.#any) return false;
    if (window !== undefined && this.#windows.has(window)) return true;
    const at = Math.max(this.#at, this.#devices.get(stream.device) ?? -Infinity);
    return ms <= at + (this.#rules.profiles[stream.profile]?.maxFuture ?? 0);
  }

  #missing(device: string | null, receivedAt: number): void {
    if (device === null) return;
    this.#devices.set(device, Math.max(receivedAt, this.#devices.get(device) ?? -Infinity));
  }
}
