import { assertEquals, assertNotMatch } from "@std/assert";
import { type Facts, type Level, Logger, type LoggerOptions, streamSink } from "../../../src/observe/mod.ts";

const AT = Date.UTC(2026, 6, 1, 14, 12, 30, 5);

function lines(change: Partial<LoggerOptions>, level: Level, event: string, facts?: Facts): string[] {
  const written: string[] = [];
  const logger = new Logger({
    sink: { write: (line) => written.push(line) },
    time: { wall: () => AT },
    level: "info",
    format: "json",
    ...change,
  });
  logger.log(level, event, facts);
  return written;
}

Deno.test("a line for machines is one flat JSON object", () => {
  assertEquals(
    lines({}, "info", "mqtt_connected", { host: "broker", session: true, attempt: 2, code: null }),
    [
      '{"time":"2026-07-01T14:12:30.005Z","level":"info","event":"mqtt_connected","host":"broker","session":true,"attempt":2,"code":null}',
    ],
  );
});

Deno.test("a fact cannot pass for the time, the level or the event of a line", () => {
  const [line] = lines({}, "warning", "x", { time: "never", level: "info", event: "y", ["__proto__"]: "z" });
  assertEquals(JSON.parse(line ?? ""), {
    time: "2026-07-01T14:12:30.005Z",
    level: "warning",
    event: "x",
    ["__proto__"]: "z",
  });
});

Deno.test("a line for people has the time of day, the level, the event in words and the facts", () => {
  assertEquals(
    lines({ format: "text" }, "warning", "database_away", {
      url: "http://influx:8086/x",
      why: "no route",
      n: 3,
    }),
    ['14:12:30.005Z warning database away  url=http://influx:8086/x why="no route" n=3'],
  );
  assertEquals(lines({ format: "text" }, "info", "started"), ["14:12:30.005Z info    started"]);
});

Deno.test("colour marks only what needs attention", () => {
  const [warning] = lines({ format: "text", colour: true }, "warning", "x");
  const [info] = lines({ format: "text", colour: true }, "info", "x");
  assertEquals(warning, "\x1b[2m14:12:30.005Z\x1b[0m \x1b[33mwarning\x1b[0m x");
  assertEquals(info, "\x1b[2m14:12:30.005Z\x1b[0m info    x");
});

Deno.test("a device name cannot write lines of its own or command a terminal", () => {
  const evil = "a\n14:00 error b\x1b[2J\u009b31m\u202e\u2028\u0007";
  for (const format of ["json", "text"] as const) {
    for (const line of lines({ format }, "info", "device_seen", { device: evil, [evil]: 1 })) {
      // deno-lint-ignore no-control-regex -- finding control characters is the purpose
      assertNotMatch(line, /[\u0000-\u001f]/);
      if (format === "text") assertNotMatch(line, /[\u007f-\u009f\u2028\u202e]/);
    }
  }
});

Deno.test("lines below the level are not written", () => {
  const levels: readonly Level[] = ["debug", "info", "warning", "error"];
  const written = levels.map((level) => levels.filter((each) => lines({ level }, each, "x").length === 1));
  assertEquals(written, levels.map((_, index) => levels.slice(index)));
});

Deno.test("P8: a secret in a fact is not written, in either format, not even one that another begins", () => {
  const secrets = (): string[] => ["hunter2", 'hunter2"tail', "", "abc"];
  for (const format of ["json", "text"] as const) {
    const [line] = lines({ format, secrets }, "error", "x", {
      error: 'mqtt://user:hunter2@broker said hunter2"tail',
      word: "abc stays: too short to be looked for",
    });
    assertEquals([line?.includes("hunter2"), line?.includes("tail")], [false, false]);
    assertEquals([line?.includes("[redacted]"), line?.includes("abc stays")], [true, true]);
  }
});

Deno.test("a stream that takes little at a time gets whole lines, one that is gone costs only the line", () => {
  const got: number[] = [];
  const slow = streamSink({
    writeSync(bytes) {
      got.push(...bytes.subarray(0, 3));
      return Math.min(3, bytes.length);
    },
  });
  slow.write("first line ä");
  slow.write("second");
  assertEquals(new TextDecoder().decode(new Uint8Array(got)), "first line ä\nsecond\n");
  const gone = streamSink({
    writeSync() {
      throw new Deno.errors.BrokenPipe("gone");
    },
  });
  gone.write("lost");
});
