import { assertEquals } from "@std/assert";
import { judged, small } from "./memory_sources.ts";

/** What differs from a small valid configuration. */
export interface Wrong {
  /** Lines after the subscriptions of `gateway.yaml`; the first is line 3. */
  readonly add?: string;
  /** The whole of `gateway.yaml`. */
  readonly config?: string;
  /** The whole of `devices/profiles/room.yaml`. */
  readonly profile?: string;
  /** Further files. */
  readonly files?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
}

/** A test that a wrong file gives exactly these lines. */
export function refuses(sentence: string, wrong: Wrong, lines: readonly string[]): void {
  Deno.test(sentence, async () => {
    const files = small(wrong.add ?? "", wrong.files);
    if (wrong.config !== undefined) files["gateway.yaml"] = wrong.config;
    if (wrong.profile !== undefined) files["devices/profiles/room.yaml"] = wrong.profile;
    assertEquals(await judged(files, wrong.env), [...lines]);
  });
}
