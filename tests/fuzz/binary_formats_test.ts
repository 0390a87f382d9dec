import { holdRun } from "./hold_run.ts";

Deno.test("P6: half a million damaged payloads of binary formats: no exception escapes, every book is balanced", () =>
  holdRun(["cbor", "msgpack", "sparkplug_b"], ["too_deep", "no_birth", "sequence_gap", "unknown_alias"]));
