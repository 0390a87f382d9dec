/**
 * Watches what the river says: counts it, and holds a part of it, or all of it where that is cheap, against what is
 * promised of points and refusals.
 * @module
 */
import { encodeLine } from "../../../src/forward/mod.ts";
import {
  type AlertEvent,
  type Point,
  refusalText,
  type Refused,
  type Rules,
} from "../../../src/model/mod.ts";
import type { RiverOutput } from "../../../src/pipeline/mod.ts";
import { parseStrict } from "../../support/line_parser.ts";
import { Finding } from "./finding.ts";
import { isMembers } from "./value_mutators.ts";

/** Of so many points and refusals one is read back, and one refusal's words are read. */
const SAMPLE = 16;

/** Takes what the river makes. */
export class Watch implements RiverOutput {
  /** Refusals by reason. */
  readonly reasons = new Map<string, number>();
  points = 0;
  alerts = 0;
  requests = 0;
  /** The reason of the newest refusal of a message. */
  refusedAs: string | undefined;
  /** Rules in force, whose redactions are to be seen in the output. */
  rules: Rules;
  readonly #delivered = new Map<number, number>();
  #all = 0;
  readonly #decoder = new TextDecoder();

  constructor(rules: Rules) {
    this.rules = rules;
  }

  /** Readings that the points account for: of one device, or of all. */
  delivered(device?: number): number {
    return device === undefined ? this.#all : this.#delivered.get(device) ?? 0;
  }

  point(point: Point): void {
    const { deviceIndex } = point.stream;
    this.#delivered.set(deviceIndex, this.delivered(deviceIndex) + point.readings);
    this.#all += point.readings;
    if (this.points++ % SAMPLE === 0) holdLine(point);
    holdRedaction(this.rules, point);
  }

  refused(refused: Refused): void {
    const { reason } = refused.refusal;
    const times = this.reasons.get(reason) ?? 0;
    this.reasons.set(reason, times + 1);
    if (refused.what === "message") this.refusedAs = reason;
    if (reason === "internal") {
      throw new Finding("internal", refused.refusal.found ?? "an exception while decoding or validating");
    }
    if (times % SAMPLE === 0) {
      const text = refusalText(refused.refusal);
      if (text.length > 600 || !text.isWellFormed() || /[\n\r\0]/.test(text)) {
        throw new Finding("words", text);
      }
    }
    if (refused.redacted === true) this.#holdRefused(refused);
  }

  alert({ summary }: AlertEvent): void {
    this.alerts++;
    if (summary.length > 1_000) {
      throw new Finding("alert", `${summary.length} characters: ${summary.slice(0, 200)}`);
    }
  }

  request(): void {
    this.requests++;
  }

  /** What is kept of a payload that is redacted is JSON, with each badge as points would have it. */
  #holdRefused({ topic, payload }: Refused): void {
    const text = this.#decoder.decode(payload);
    let shown: unknown;
    try {
      shown = JSON.parse(text);
    } catch (error) {
      throw new Finding("privacy", `a redacted payload is no JSON: ${text.slice(0, 200)}`, error);
    }
    if (!topic.includes("access-controller")) return;
    for (const record of Array.isArray(shown) ? shown : [shown]) {
      if (!isMembers(record)) continue;
      holdBadge(record.badge);
      if (isMembers(record.card)) holdBadge(record.card.number);
    }
  }
}

/** Reads a point back through the strict parser. */
function holdLine(point: Point): void {
  const text = encodeLine(point);
  try {
    const [line, ...more] = parseStrict(text);
    const same = line !== undefined && more.length === 0 &&
      line.measurement === point.stream.measurement &&
      line.time === BigInt(point.ms) * 1_000_000n + BigInt(point.ns) &&
      line.fields.length === point.fields.length &&
      point.fields.every(({ name, value }, at) => {
        const [key, read] = line.fields[at] ?? ["", undefined];
        return key === name && read !== undefined && Object.is(plain(read.value), plain(value));
      }) &&
      point.stream.tags.every(([name, value], at) =>
        line.tags[at]?.[0] === name && line.tags[at][1] === value
      );
    if (!same) throw new Finding("line", `it reads back as something else: ${text.slice(0, 300)}`);
  } catch (error) {
    if (error instanceof Finding) throw error;
    throw new Finding("line", `${error instanceof Error ? error.message : error}`.slice(0, 300), error);
  }
}

/** A number that a bigint stands for; an integer has no −0. */
function plain(value: unknown): unknown {
  return typeof value === "bigint" ? Number(value) : value === 0 && !Object.is(value, -0) ? 0 : value;
}

/** What is masked, hashed or made coarser looks so, wherever a payload took it from. */
function holdRedaction({ profiles }: Rules, { stream, fields }: Point): void {
  const profile = profiles[stream.profile];
  if (profile === undefined || !profile.fields.some(({ redact }) => redact !== undefined)) return;
  for (const { name, value } of fields) {
    const redact = profile.fields.find((rule) => rule.name === name)?.redact;
    if (redact === undefined) continue;
    const shown = String(value);
    const unfit = redact.kind === "drop" || (redact.kind === "mask" && !isMasked(shown, redact.keep)) ||
      (redact.kind === "hash" && !new RegExp(`^[0-9a-f]{${redact.digits}}$`).test(shown)) ||
      (redact.kind === "grid" && !isOnGrid(Number(value), redact.to));
    if (unfit) throw new Finding("privacy", `${name} is ${redact.kind}ed, and a point says ${shown}`);
  }
}

function isMasked(text: string, keep: number): boolean {
  const characters = [...text];
  return characters.every((one, at) => one === "*" || at >= characters.length - keep);
}

function isOnGrid(value: number, step: number): boolean {
  const parts = value / step;
  return Math.abs(parts - Math.round(parts)) < 1e-6 * Math.max(1, Math.abs(parts));
}

/** A badge in a payload that was refused: masked, hashed, or not shown. */
function holdBadge(value: unknown): void {
  if (value === undefined || value === null) return;
  const text = String(value);
  const fit = isMasked(text, 3) || /^[0-9a-f]{16}$/.test(text) || text.startsWith("[");
  if (!fit) throw new Finding("privacy", `a refused payload shows the badge ${text}`);
}
