import type { ExplainStep } from "../../api/mod.ts";
import type { RecentLine } from "../../buffer/mod.ts";
import { describeWindow } from "../../explain/mod.ts";
import { encodeLine } from "../../forward/mod.ts";
import { type Downsample, nanoseconds, rfc3339, shown } from "../../model/mod.ts";
import type { SaidReading, Stream } from "../../pipeline/mod.ts";
import type { Core } from "../core.ts";
import { stepOf } from "./steps.ts";

/** Where a reading went behind its judgement. */
export interface Went {
  readonly steps: readonly ExplainStep[];
  /** The line that carried it; `undefined`: none did, or it is not known any more. */
  readonly line: string | undefined;
}

/** From a reading on: its window, the block that carried it, and what the database said. */
export function whereItWent(core: Core, stream: Stream, { field, value, ms }: SaidReading): Went {
  const slot = [...stream.slots.values()].find(({ series }) => series.field === field);
  const name = `${field} = ${shown(value)} at ${rfc3339(ms)}`;
  if (slot === undefined) {
    return { steps: [stepOf("window", "info", "Window", `No series of ${field} is known`)], line: undefined };
  }
  const { series } = slot;
  const rule = series.rules.findLast(({ from }) => from <= ms)?.rule;
  if (rule?.kind !== "window") {
    const text = `${name} passes without a window (${rule?.kind ?? "none"}) and is a point where it counts`;
    const passed = stepOf("window", "ok", "No window", text, { downsample: rule?.kind ?? "none" });
    return carried(core, stream, [passed], ms, field);
  }
  const start = Math.floor(ms / rule.every) * rule.every;
  const window = series.windows.get(start);
  const facts = { start: rfc3339(start) ?? "", end: rfc3339(start + rule.every) ?? "" };
  if (window !== undefined && !window.emitted) {
    const text = `It is open: ${describeWindow(window)}`;
    return {
      steps: [stepOf("window", "info", "Window", text, { ...facts, state: "open" })],
      line: undefined,
    };
  }
  const written = window !== undefined || series.coverage.overlaps(start, start + rule.every);
  if (!written) {
    const text = `No window from ${facts.start} to ${facts.end} was written: the reading is in none`;
    return {
      steps: [stepOf("window", "info", "Window", text, { ...facts, state: "none" })],
      line: undefined,
    };
  }
  const state = window === undefined ? "written and forgotten" : "written, and held for what comes late";
  const text = `${field}: ${facts.start} to ${facts.end}, ${rule.aggregates.join(", ")}; ${state}`;
  const step = stepOf("window", "ok", "Window", text, { ...facts, state: "written" });
  return carried(core, stream, [step], start, firstName(field, rule));
}

/** Names of a window's fields begin with that of its series. */
function firstName(field: string, { aggregates }: Extract<Downsample, { kind: "window" }>): string {
  return `${field}_${aggregates[0] ?? ""}`;
}

function carried(core: Core, stream: Stream, before: ExplainStep[], ms: number, field: string): Went {
  const { outbox } = core;
  const { identity } = stream.windows;
  const lineOf = (name: string): string =>
    encodeLine({
      ...{ stream: identity, ms, ns: 0, readings: 0, correction: false },
      fields: [{ name, type: "boolean", value: true }],
    });
  const time = nanoseconds(ms, 0);
  const head = lineOf("x").slice(0, -` x=true ${time}`.length);
  const name = lineOf(field).slice(head.length + 1, -`=true ${time}`.length);
  const found = outbox.recent.find(identity.deviceIndex, head, ms, name);
  if (found === undefined) {
    const { oldest } = outbox.recent;
    const known = oldest === undefined
      ? "no block was made since this start"
      : `the blocks from ${oldest} on are remembered, and none of them holds it`;
    const text = `Which block carried it is not known any more: ${known}`;
    return { steps: [...before, stepOf("block", "info", "Block", text)], line: undefined };
  }
  return { steps: [...before, ...blockSteps(found)], line: found.line };
}

function blockSteps({ in: recent, refused }: RecentLine): ExplainStep[] {
  const { block, state, leftAt } = recent;
  const sealed = rfc3339(block.createdAt) ?? "";
  const facts = {
    position: String(block.position),
    sealed_at: sealed,
    points: String(block.points),
    bytes: String(block.body.length),
    bytes_before_gzip: String(block.rawBytes),
  };
  const size = `${block.points} points, ${block.body.length} bytes of ${block.rawBytes} before gzip`;
  const made = stepOf("block", "ok", "Block", `Block ${block.position}, sealed at ${sealed}: ${size}`, facts);
  if (leftAt === undefined) {
    return [made, stepOf("database", "info", "Database", "It waits for the database", { state })];
  }
  const at = rfc3339(leftAt) ?? "";
  if (state === "evicted") {
    return [
      made,
      stepOf("database", "refused", "Given up", `It was given up at ${at}, for space or age`, { at }),
    ];
  }
  if (refused !== undefined) {
    const text = `The database refused the line at ${at} with status ${refused.status}: ${
      shown(refused.words)
    }`;
    return [made, stepOf("database", "refused", "Database", text, { at, status: String(refused.status) })];
  }
  return [made, stepOf("database", "ok", "Database", `The database took it at ${at}`, { at, state })];
}
