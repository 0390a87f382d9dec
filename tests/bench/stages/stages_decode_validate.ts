/**
 * What decode and validate cost a message, beside what a bare `JSON.parse` of the same bytes costs in the same run.
 * The ratio is the figure: it means the same on any machine.
 *
 * `deno run -A tests/bench/stages/stages_decode_validate.ts`.
 * @module
 */
import { decoderFor } from "../../../src/decode/mod.ts";
import type { FieldRule, Profile } from "../../../src/model/mod.ts";
import { compileProfile } from "../../../src/validate/mod.ts";
import { limits } from "../../unit/decode/limits.ts";

const LIMITS = limits();

/** Where every message came, for formats that lean on it: these do not. */
const RECEIPT = { topic: "", receivedAt: 0, elapsed: 0 };

function field(name: string, type: FieldRule["type"], range: readonly [number, number]): FieldRule {
  const downsample = { kind: "none" } as const;
  return {
    name,
    path: [name],
    type,
    unit: null,
    range,
    required: false,
    maxLength: null,
    scale: 1,
    offset: 0,
    downsample,
  };
}

function profile(unit: "ms" | "ns"): Profile {
  return {
    name: "thermo-hygrometer",
    description: "",
    measurement: "climate",
    time: { path: ["ts"], unit },
    sequence: ["seq"],
    expectEvery: null,
    fields: [
      field("temperature", "float", [-40, 125]),
      field("humidity", "float", [0, 100]),
      field("battery", "int", [0, 100]),
    ],
    unknownFields: "ignore",
    keep: { kind: "none" },
    maxFuture: 300_000,
    maxAge: 2_592_000_000,
  };
}

/** Messages of about 80 bytes, no two alike. */
function messages(unit: "ms" | "ns"): readonly Uint8Array[] {
  const encoder = new TextEncoder();
  const tail = unit === "ns" ? "123456" : "";
  return Array.from({ length: 1_000 }, (_, n) => {
    const ts = `${1_790_000_000_000 + n * 1_000}${tail}`;
    const values = `"temperature":${20 + n / 100},"humidity":48.5,"battery":${n % 100}`;
    return encoder.encode(`{"ts":${ts},${values},"seq":${n}}`);
  });
}

/** Nanoseconds of one call, the best of five rounds after a warm-up. */
function nanoseconds(payloads: readonly Uint8Array[], work: (payload: Uint8Array) => void): number {
  let best = Infinity;
  for (let round = 0; round < 6; round++) {
    const start = performance.now();
    for (let pass = 0; pass < 100; pass++) {
      for (const payload of payloads) work(payload);
    }
    const each = (performance.now() - start) * 1e6 / (100 * payloads.length);
    if (round > 0) best = Math.min(best, each);
  }
  return best;
}

/** Prints one line a case: bytes, ns a message, and the ratio to a bare parse. */
export function stagesDecodeValidate(print: (line: string) => void): void {
  for (const unit of ["ms", "ns"] as const) {
    const payloads = messages(unit);
    const utf8 = new TextDecoder("utf-8", { fatal: true });
    const parse = nanoseconds(payloads, (payload) => {
      JSON.parse(utf8.decode(payload));
    });
    const decoder = decoderFor("json");
    const checker = compileProfile(profile(unit));
    let readings = 0;
    const decode = nanoseconds(payloads, (payload) => {
      if (decoder.decode(payload, LIMITS, RECEIPT).ok) readings++;
    });
    const both = nanoseconds(payloads, (payload) => {
      const decoded = decoder.decode(payload, LIMITS, RECEIPT);
      if (!decoded.ok) return;
      for (const record of decoded.records) {
        const verdict = checker.check(record.values, undefined, record.text);
        if (verdict.ok) readings += verdict.fields.length;
      }
    });
    if (readings === 0) throw new Error("The bench found no readings");
    const ratio = (value: number): string => `${value.toFixed(0)} ns (${(value / parse).toFixed(2)}×)`;
    const bytes = payloads[0]?.length ?? 0;
    print(
      `json, time in ${unit}, ${bytes} bytes: JSON.parse ${ratio(parse)}, decode ${
        ratio(decode)
      }, decode + validate ${ratio(both)}`,
    );
  }
}

if (import.meta.main) {
  stagesDecodeValidate((line) => {
    Deno.stdout.writeSync(new TextEncoder().encode(`${line}\n`));
  });
}
