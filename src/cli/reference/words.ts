import type { Format } from "../../model/mod.ts";
import { EXIT } from "../io.ts";

/** What each format is, in a sentence. */
export const FORMATS: Readonly<Record<Format, string>> = {
  json: "A JSON object, or an array of objects as several records.",
  value: "One bare number, boolean or text.",
  senml: "SenML (RFC 8428), in JSON or CBOR.",
  cbor: "CBOR (RFC 8949): a map, or an array of maps as several records.",
  msgpack: "MessagePack: a map, or an array of maps as several records.",
  sparkplug_b: "Sparkplug B: births, data and deaths of edge nodes and their devices.",
  line_protocol: "InfluxDB line protocol.",
};

/** What each exit code means. */
export const EXITS: Readonly<Record<keyof typeof EXIT, string>> = {
  done: "Done.",
  failed: "Failed.",
  usage: "Wrong usage or configuration.",
  inUse: "The data folder is in use by another process.",
};
