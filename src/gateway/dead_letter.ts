import type { DeadLine } from "../buffer/mod.ts";
import { type Refused, shown } from "../model/mod.ts";

/** A line that the database refused, as the quarantine keeps it. */
export function deadLetter(line: DeadLine, device: string | null, readings: number, wall: number): Refused {
  const measurement = /^(?:[^\\, ]|\\.)*/.exec(line.line)?.[0] ?? "";
  return {
    what: "point",
    refusal: { reason: "refused", found: shown(line.words), hint: `the server answered ${line.status}` },
    inboxPosition: 0,
    topic: measurement,
    payload: new TextEncoder().encode(line.line),
    device,
    receivedAt: wall,
    readings,
    ...(line.whole ? {} : { partial: true }),
  };
}
