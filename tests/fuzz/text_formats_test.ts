import { holdRun } from "./hold_run.ts";

Deno.test("P6: half a million damaged payloads of text formats: no exception escapes, every book is balanced", () =>
  holdRun(["json", "senml", "line_protocol", "value"], ["too_deep"]));
