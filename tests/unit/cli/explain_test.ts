import { assertEquals, assertStringIncludes } from "@std/assert";
import { gzipSync } from "node:zlib";
import { main } from "../../../src/cli/main.ts";
import type { CliIo } from "../../../src/cli/io.ts";
import { memorySources, small } from "../config/memory_sources.ts";

const CONFIG = `subscriptions:
  - { topic: "json/{device}", profile: room }
  - { topic: "cbor/{device}", profile: room, format: cbor }
  - { topic: "msgpack/{device}", profile: room, format: msgpack, compression: gzip }
  - { topic: "senml/{device}", profile: room, format: senml }
  - { topic: "lines/{device}", profile: room, format: line_protocol }
  - { topic: "spBv1.0/{group}/+/{node}/#", profile: room, format: sparkplug_b }
`;

const CBOR = Uint8Array.of(0xa1, 0x6b, ...new TextEncoder().encode("temperature"), 0xf9, 0x4d, 0x60);
const MSGPACK = gzipSync(Uint8Array.of(0x81, 0xab, ...new TextEncoder().encode("temperature"), 0x15));
/** A birth with seq 0 and a metric "temperature" of type Double with the value 1. */
const BIRTH = Uint8Array.of(
  ...[0x12, 24, 0x0a, 11, ...new TextEncoder().encode("temperature"), 0x20, 10],
  ...[0x69, 0, 0, 0, 0, 0, 0, 0xf0, 0x3f, 0x18, 0],
);
/** The same by an alias that nobody knows. */
const DATA = Uint8Array.of(0x12, 11, 0x10, 1, 0x69, 0, 0, 0, 0, 0, 0, 0xf0, 0x3f, 0x18, 1);

/** Exit code and output of `explain` with some arguments; `files` are payloads of bytes. */
async function explain(
  args: readonly string[],
  files: Readonly<Record<string, Uint8Array>> = {},
): Promise<[number, string]> {
  const said: string[] = [];
  const io: CliIo = {
    stdout: (text) => void said.push(text),
    stderr: (text) => void said.push(text),
    isTerminal: false,
    color: false,
    env: () => undefined,
    readBytes(path): Promise<Uint8Array> {
      const bytes = files[path];
      return bytes === undefined ? Promise.reject(new Error("no such file")) : Promise.resolve(bytes);
    },
    sources: memorySources({ ...small(""), "gateway.yaml": CONFIG }),
  };
  return [await main(["explain", ...args], io), said.join("")];
}

/** A moment ago, ms: `explain` judges times by the wall clock. */
const RECENT = Date.now() - 60_000;

const CASES: readonly [string, readonly string[], string][] = [
  ["JSON as text", ["--topic", "json/a", "--payload", '{"temperature":1}'], "temperature = 1"],
  ["CBOR as base64", ["--topic", "cbor/a", "--payload-base64", CBOR.toBase64()], "temperature = 21.5"],
  [
    "CBOR as base64url",
    ["--topic", "cbor/a", "--payload-base64", CBOR.toBase64({ alphabet: "base64url", omitPadding: true })],
    "temperature = 21.5",
  ],
  ["compressed MessagePack of a file", ["--topic", "msgpack/a", "--payload", "@body"], "temperature = 21"],
  [
    "SenML with a time of its own",
    ["--topic", "senml/a", "--payload", `[{"n":"temperature","v":3,"bt":${RECENT / 1_000}}]`],
    `{\\"temperature\\":3} at ${new Date(RECENT).toISOString()}`,
  ],
  ["line protocol", ["--topic", "lines/a", "--payload", "m temperature=4"], "temperature = 4"],
  ["a Sparkplug birth", ["--topic", "spBv1.0/g/NBIRTH/n", "--payload", "@birth"], "temperature = 1"],
];

for (const [what, args, expected] of CASES) {
  Deno.test(`explain shows the way of ${what}`, async () => {
    const [code, said] = await explain(args, { body: MSGPACK, birth: BIRTH });
    assertStringIncludes(said, expected);
    assertEquals(code, 0, said);
  });
}

Deno.test("explain says of Sparkplug data what it needs first", async () => {
  const [code, said] = await explain(["--topic", "spBv1.0/g/NDATA/n", "--payload", "@data"], { data: DATA });
  assertStringIncludes(said, "The birth that explains the message was not seen");
  assertEquals(code, 1);
});

const WRONG: readonly [string, readonly string[], string][] = [
  ["no payload", ["--topic", "json/a"], "explain needs --topic and one of --payload, --payload-base64"],
  [
    "both payloads",
    ["--topic", "json/a", "--payload", "1", "--payload-base64", "MQ=="],
    "explain needs --topic",
  ],
  [
    "what is no base64",
    ["--topic", "json/a", "--payload-base64", "%%"],
    'The payload is no base64, found "%%"',
  ],
  [
    "a file that is not there",
    ["--topic", "json/a", "--payload", "@none"],
    'The payload file "none" cannot be read',
  ],
];

for (const [what, args, expected] of WRONG) {
  Deno.test(`explain refuses ${what} with exit code 2`, async () => {
    const [code, said] = await explain(args);
    assertStringIncludes(said, expected);
    assertEquals(code, 2);
  });
}
