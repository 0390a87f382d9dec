import type { Reason, Value } from "../model/mod.ts";
import type { ConfigProblem } from "./problem.ts";
import type { Report } from "./report.ts";
import type { ProfileDraft } from "./sections/profile.ts";
import type { SourceFile } from "./source_file.ts";

/** One of a profile's `examples`: a message, and what it says becomes of it. */
export interface ProfileExample {
  /** Name of the profile. */
  readonly profile: string;
  /** The payload as its format is decoded: a plain value. */
  readonly message: unknown;
  /** The topic it comes on. */
  readonly topic: string | undefined;
  /** Wall clock at its receipt, ms; `undefined`: the message's own time. */
  readonly receivedAt: number | undefined;
  /** All readings that it makes. */
  readonly readings: Readonly<Record<string, Value>>;
  /** The tags of each of its points: those out of the payload all, others where they are named; `undefined`: any. */
  readonly tags: Readonly<Record<string, string>> | undefined;
  /** Why it, or a part of it, is refused; `undefined`: nothing is. */
  readonly refused: Reason | undefined;
  /** Where it stands: a problem of the example has these. */
  readonly place: Pick<ConfigProblem, "file" | "line" | "column" | "path">;
}

/** The examples of one profile, those left out that could not be read. */
export function examplesOf(source: SourceFile, report: Report, draft: ProfileDraft): ProfileExample[] {
  return draft.examples.flatMap((example, index) => {
    const path = ["examples", index];
    if (!report.clean(source, path)) return [];
    const at = [...path, example.readings === undefined ? "refused" : "readings"];
    const { file, line, column, path: place } = source.problem(at, "example_fails");
    return [{
      profile: draft.profile,
      message: example.message,
      topic: example.topic,
      receivedAt: example.received_at,
      readings: example.readings ?? {},
      tags: example.tags,
      refused: example.refused,
      place: { file, line, column, path: place },
    }];
  });
}
