import { assert, assertEquals } from "@std/assert";
import { decoderFor } from "../../../src/decode/mod.ts";
import { bytes, limits, receipt } from "./limits.ts";

const value = decoderFor("value");

const READ: readonly [string, unknown][] = [
  ["21.5", 21.5],
  ["+21.5", 21.5],
  ["-3", -3],
  ["1e3", 1000],
  [" 7 \r\n", 7],
  ["0", 0],
  ["1790000000000123456", 1790000000000123456n],
  ["+9007199254740993", 9007199254740993n],
  ["1e400", Infinity],
  ["true", true],
  ["false\n", false],
  ["on", "on"],
  ["True", "True"],
  ["NaN", "NaN"],
  ["Infinity", "Infinity"],
  ["007", "007"],
  ["1.", "1."],
  [".5", ".5"],
  ["0x10", "0x10"],
  ["+-1", "+-1"],
  ["--1", "--1"],
  ["1,5", "1,5"],
  ["1 2", "1 2"],
  [" a\nb ", " a\nb "],
  ["1.10.2", "1.10.2"],
];

for (const [payload, expected] of READ) {
  Deno.test(`value reads ${JSON.stringify(payload)} as ${typeof expected} and keeps its text`, () => {
    const result = value.decode(bytes(payload), limits(), receipt());
    assert(result.ok);
    assertEquals(result.records, [{ values: expected, text: payload }]);
  });
}

const REFUSED: readonly [string, Uint8Array, string][] = [
  ["an empty payload", bytes(""), "undecodable"],
  ["white space", bytes(" \n"), "undecodable"],
  ["wrong bytes", Uint8Array.of(0x31, 0x80), "undecodable"],
  ["too many bytes", new Uint8Array(11).fill(0x31), "payload_too_large"],
];

for (const [what, payload, reason] of REFUSED) {
  Deno.test(`value refuses ${what}`, () => {
    const result = value.decode(payload, limits({ payload: 10 }), receipt());
    assert(!result.ok);
    assertEquals(result.refusal.reason, reason);
  });
}
