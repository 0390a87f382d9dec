import { assertEquals, assertStringIncludes } from "@std/assert";
import { classify } from "../../../src/forward/classify.ts";
import { type Answer, type Verdict, verdictText } from "../../../src/forward/mod.ts";

const WALL = Date.UTC(2025, 0, 1);

function verdict(status: number, body = "", headers: Record<string, string> = {}): Verdict {
  const answer: Answer = { kind: "answer", status, headers, body };
  return classify(answer, WALL);
}

/** What real servers answered, word for word. */
const INFLUX_1 = {
  conflict:
    '{"error":"partial write: field type conflict: input field \\"x\\" on measurement \\"m\\" is type float, ' +
    'already exists as type integer dropped=1"}\n',
  unreadable:
    '{"error":"partial write: unable to parse \'bad line here\': invalid field format dropped=0"}\n',
  several:
    "{\"error\":\"unable to parse 'm,a=1 y=1 abc': bad timestamp\\nunable to parse ',a=1 z=1': missing measurement\"}\n",
  series: '{"error":"partial write: max-series-per-database limit exceeded: (6) dropped=7"}\n',
  tags:
    '{"error":"partial write: max-values-per-tag limit exceeded (1/1): measurement=\\"m\\" tag=\\"a\\" value=\\"b\\" dropped=1"}\n',
};

Deno.test("F5: InfluxDB 1.x's partial writes are refusals with its words, on one line", () => {
  const conflict = verdict(400, INFLUX_1.conflict);
  assertEquals(conflict, {
    kind: "refused",
    status: 400,
    words:
      'partial write: field type conflict: input field "x" on measurement "m" is type float, already exists ' +
      "as type integer dropped=1",
    named: { texts: [], numbers: [] },
  });
});

Deno.test("F5: the lines that a server names are found, by text or by number", () => {
  const named = (body: string): unknown => {
    const one = verdict(400, body);
    return one.kind === "refused" ? one.named : one;
  };
  assertEquals(named(INFLUX_1.unreadable), { texts: ["bad line here"], numbers: [] });
  assertEquals(named(INFLUX_1.several), { texts: ["m,a=1 y=1 abc", ",a=1 z=1"], numbers: [] });
  assertEquals(named('{"code":"invalid","message":"failed to parse line protocol","line":7}'), {
    texts: [],
    numbers: [7],
  });
  const three = {
    error: "partial write of line protocol occurred",
    data: [{ original_line: "m x", line_number: 2, error_message: "no value" }],
  };
  assertEquals(named(JSON.stringify(three)), { texts: ["m x"], numbers: [2] });
});

Deno.test("F7: both of InfluxDB's series limits are capacity", () => {
  assertEquals([verdict(400, INFLUX_1.series).kind, verdict(400, INFLUX_1.tags).kind], [
    "capacity",
    "capacity",
  ]);
});

Deno.test("F3: 2xx is accepted, but for a page and for the list of refused lines that Cloud once sent with 201", () => {
  assertEquals([verdict(200).kind, verdict(204).kind, verdict(201).kind], [
    "delivered",
    "delivered",
    "delivered",
  ]);
  assertEquals(verdict(201, '{"code":"invalid","message":"partial write","line":3}').kind, "refused");
  const page = verdict(200, "\n<HTML><title> Log in\n</title>", {});
  assertEquals(page, { kind: "wrong_address", status: 200, found: "html", words: "Log in" });
});

Deno.test("a body that is cut off, or a header alone, still gives words", () => {
  const words = (one: Verdict): string => one.kind === "delivered" ? "" : one.words;
  assertEquals(words(verdict(500, '{"error":"half a sen')), '{"error":"half a sen');
  assertEquals(words(verdict(500, "", { "x-influxdb-error": "timeout" })), "timeout");
  assertEquals(words(verdict(500, `x\n\t\u0000y${"z".repeat(1_000)}`)).length, 400);
});

Deno.test("every failure's sentence names the address and says what to do or what was said", () => {
  const names = { address: "http://db:8086", place: 'bucket "b"' };
  const failures = [
    verdict(400, INFLUX_1.conflict),
    ...[401, 404, 408, 413, 429, 302, 405, 500].map((status) => verdict(status, "words of the server")),
    classify({ kind: "no_answer", reason: "timeout", sent: true, words: "No answer within 10 ms" }, WALL),
    classify({ kind: "no_answer", reason: "network", sent: false, words: "Connection refused" }, WALL),
    classify({ kind: "no_answer", reason: "aborted", sent: true, words: "" }, WALL),
  ];
  for (const failure of failures) {
    if (failure.kind === "delivered") throw new Error("Not a failure");
    const sentence = verdictText(failure, names);
    assertStringIncludes(sentence, names.address);
    assertEquals(/^[A-Z]|^http/.test(sentence) && !sentence.endsWith("."), true, sentence);
  }
});
