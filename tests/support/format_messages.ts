import { encode as msgpack } from "@msgpack/msgpack";
import { encode as cbor } from "cborg";
import { gzipSync } from "node:zlib";

/** What a device reports, for every format in the same words. */
export interface FormatReading {
  /** Its clock, ms since 1970. */
  readonly ms: number;
  /** What it reports, by field. */
  readonly values: FormatValues;
}

/** One value of each type, and numbers of many digits. */
export interface FormatValues {
  /** Few digits. */
  readonly temperature: number;
  /** As many digits as a double has, below a million. */
  readonly fraction: number;
  /** As many, above a million. */
  readonly large: number;
  readonly count: number;
  readonly on: boolean;
  readonly label: string;
}

/** The fields of a profile for `FormatValues`; no windows, so that each reading is to be found as it was sent. */
export const FORMAT_FIELDS = `downsample: none
fields:
  temperature: { type: float }
  fraction: { type: float }
  large: { type: float }
  count: { type: int, range: [0, 1000000] }
  on: { type: boolean }
  label: { type: string }
`;

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

function stamped({ ms, values }: FormatReading): Record<string, unknown> {
  return { ts: ms, ...values };
}

/** A SenML pack: the first record names the device and the time for all. */
function senml({ ms, values }: FormatReading): Record<string, unknown>[] {
  const base = { bn: "urn:dev:ow:10e2073a0108006:", bt: ms / 1_000 };
  return Object.entries(values).map(([n, value], index) => ({
    ...(index === 0 ? base : {}),
    n,
    [{ number: "v", string: "vs", boolean: "vb" }[String(typeof value)] ?? ""]: value,
  }));
}

/** The numbers that RFC 8428, table 4, puts in the place of the labels. */
const SENML_LABELS = new Map(Object.entries({ bn: -2, bt: -3, n: 0, v: 2, vs: 3, vb: 4 }));

function senmlCbor(reading: FormatReading): Uint8Array {
  return cbor(
    senml(reading).map((record) =>
      new Map(Object.entries(record).map(([label, value]) => [SENML_LABELS.get(label) ?? label, value]))
    ),
  );
}

function line({ ms, values }: FormatReading): Uint8Array {
  const fields = Object.entries(values).map(([name, value]) => {
    if (typeof value !== "string") return `${name}=${value}${name === "count" ? "i" : ""}`;
    return `${name}="${value.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`;
  });
  return utf8(`room,hall=a\\ b ${fields.join(",")} ${ms}000000`);
}

/** A format as a device writes it. */
export interface FormatWriter {
  /** First level of its topics, and how its device is named. */
  readonly name: string;
  /** `format` and `compression` of its subscription. */
  readonly subscription: { readonly format: string; readonly compression?: "gzip" };
  /** Whether the format itself carries the time, beside the fields. */
  readonly timed: boolean;
  /** The payload of a reading. */
  write(reading: FormatReading): Uint8Array;
}

const PLAIN: readonly FormatWriter[] = [
  {
    name: "json",
    subscription: { format: "json" },
    timed: false,
    write: (reading) => utf8(JSON.stringify(stamped(reading))),
  },
  {
    name: "cbor",
    subscription: { format: "cbor" },
    timed: false,
    write: (reading) => cbor(stamped(reading)),
  },
  {
    name: "msgpack",
    subscription: { format: "msgpack" },
    timed: false,
    write: (reading) => msgpack(stamped(reading)),
  },
  {
    name: "senml",
    subscription: { format: "senml" },
    timed: true,
    write: (reading) => utf8(JSON.stringify(senml(reading))),
  },
  { name: "senml_cbor", subscription: { format: "senml" }, timed: true, write: senmlCbor },
  { name: "line_protocol", subscription: { format: "line_protocol" }, timed: true, write: line },
];

function compressed(writer: FormatWriter): FormatWriter {
  return {
    ...writer,
    name: `${writer.name}_gzip`,
    subscription: { ...writer.subscription, compression: "gzip" },
    write: (reading) => gzipSync(writer.write(reading)),
  };
}

/** Every format that says a whole reading in one message, as it is and compressed. */
export const FORMAT_WRITERS: readonly FormatWriter[] = PLAIN.flatMap((writer) => [
  writer,
  compressed(writer),
]);
