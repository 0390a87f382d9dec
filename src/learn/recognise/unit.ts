import { wordsOf } from "./confidential.ts";

/** Lowest and highest value that a sensor of a unit reports, as far as one can say. */
type Span = readonly [number, number];

/** The unit of a last word, however it stands in a name: `temp_c`, `power_kw`. Only behind another word. */
const SUFFIXES: Readonly<Record<string, string>> = {
  ...{ c: "degC", degc: "degC", "°c": "degC", f: "degF", degf: "degF", "°f": "degF", k: "K" },
  ...{ pct: "percent", perc: "percent", "%": "percent", rh: "percent" },
  ...{ w: "W", kw: "kW", mw: "MW", wh: "Wh", kwh: "kWh", mwh: "MWh", va: "VA", kva: "kVA", var: "var" },
  ...{ v: "V", mv: "mV", kv: "kV", a: "A", ma: "mA", ah: "Ah", mah: "mAh", ohm: "Ohm" },
  ...{
    hz: "Hz",
    khz: "kHz",
    mhz: "MHz",
    pa: "Pa",
    hpa: "hPa",
    kpa: "kPa",
    bar: "bar",
    mbar: "mbar",
    psi: "psi",
  },
  ...{ ppm: "ppm", ppb: "ppb", lx: "lx", lux: "lx", db: "dB", dbm: "dBm", dba: "dB" },
  ...{
    mm: "mm",
    cm: "cm",
    m: "m",
    km: "km",
    ms: "ms",
    us: "us",
    s: "s",
    sec: "s",
    secs: "s",
    min: "min",
    h: "h",
  },
  ...{ g: "g", kg: "kg", t: "t", l: "l", ml: "ml", m3: "m3", lpm: "l/min", m3h: "m3/h", rpm: "1/min" },
  ...{ kmh: "km/h", kph: "km/h", mps: "m/s", mph: "mph", deg: "deg", nm: "Nm", n: "N", kn: "kN" },
  ...{ bytes: "B", kb: "KiB", mb: "MiB", gb: "GiB", bps: "bit/s", ugm3: "ug/m3" },
};

/** The unit of a word wherever it stands in a name, with the values that speak for it; the first that fits counts. */
const QUANTITIES: readonly (readonly [RegExp, readonly (readonly [string, Span])[]])[] = [
  [/^(?:celsius)$/, [["degC", [-100, 2_000]]]],
  [/^(?:fahrenheit)$/, [["degF", [-150, 4_000]]]],
  [/^(?:kelvin)$/, [["K", [0, 4_000]]]],
  [/^(?:percent|percentage)$/, [["percent", [0, 100]]]],
  [/^(?:temperature|temp|tmp|dewpoint)$/, [["degC", [-60, 1_500]]]],
  [/^(?:humidity|hum|humid|moisture|battery|batt|soc)$/, [["percent", [0, 100]], ["mV", [500, 60_000]]]],
  [/^(?:pressure|press|barometer)$/, [["bar", [0, 50]], ["kPa", [50, 300]], ["hPa", [300, 1_200]], ["Pa", [
    1_200,
    1e8,
  ]]]],
  [/^(?:voltage|volts?)$/, [["V", [-1_500, 1_500]], ["mV", [1_500, 100_000]]]],
  [/^(?:current|amps?|amperes?)$/, [["A", [-2_000, 2_000]]]],
  [/^(?:power|watts?)$/, [["W", [-1e9, 1e9]]]],
  [/^(?:energy)$/, [["kWh", [0, 1e12]]]],
  [/^(?:frequency|freq)$/, [["Hz", [0, 1e6]]]],
  [/^(?:rssi)$/, [["dBm", [-150, 20]]]],
  [/^(?:snr)$/, [["dB", [-40, 60]]]],
  [/^(?:co2|eco2)$/, [["ppm", [100, 40_000]]]],
  [/^(?:tvoc|voc)$/, [["ppb", [0, 60_000]]]],
  [/^(?:pm1|pm25|pm10|pm)$/, [["ug/m3", [0, 2_000]]]],
  [/^(?:illuminance|lux|brightness)$/, [["lx", [0, 200_000]]]],
  [/^(?:rpm)$/, [["1/min", [-1e6, 1e6]]]],
  [/^(?:latitude|lat)$/, [["deg", [-90, 90]]]],
  [/^(?:longitude|lon|lng|heading|bearing)$/, [["deg", [-180, 360]]]],
  [/^(?:altitude|elevation)$/, [["m", [-500, 20_000]]]],
  [/^(?:uptime)$/, [["s", [0, 1e12]]]],
];

/**
 * The unit that a name and its values speak for: the last word where it is one, else a word that names a quantity.
 *
 * @param name of the field
 * @param seen lowest and highest value
 * @returns `null` where nothing speaks for one
 */
export function unitOf(name: string, seen: Span): string | null {
  const words = wordsOf(name);
  const last = words.at(-1) ?? "";
  const suffix = words.length > 1 && Object.hasOwn(SUFFIXES, last) ? SUFFIXES[last] : undefined;
  if (suffix !== undefined) return suffix;
  for (const [pattern, units] of QUANTITIES) {
    if (!words.some((word) => pattern.test(word))) continue;
    const found = units.find(([, [low, high]]) => seen[0] >= low && seen[1] <= high);
    if (found !== undefined) return found[0];
  }
  return null;
}

/** What sensors of a unit report, where that does not depend on what they measure. */
const USUAL: Readonly<Record<string, Span>> = {
  percent: [0, 100],
  degC: [-60, 150],
  ppm: [0, 50_000],
  hPa: [300, 1_200],
  dBm: [-200, 50],
  lx: [0, 200_000],
};

/** Names of what only ever grows: no bound is right for long. */
const COUNTERS =
  /^(?:count|counter|total|sum|uptime|energy|cycles|starts|hours|odometer|meter|index|imported|exported)$/;

/** A whole number by what it is, so that 21 of 21.5 is not taken for one. */
const WHOLE =
  /^(?:count|counter|counts|total|errors|retries|cycles|starts|rssi|uptime|code|id|number|level|channel|mode|port|pid|index|steps|people|packets|bytes)$/;

/** Whether a field only ever grows, by its name. */
export function isCounter(name: string): boolean {
  return wordsOf(name).some((word) => COUNTERS.test(word));
}

/** Whether a field holds whole numbers, by its name. */
export function isWholeByName(name: string): boolean {
  return wordsOf(name).some((word) => WHOLE.test(word));
}

/**
 * A range around what was seen that leaves room for what was not: that of the unit where it holds all of it, else
 * wide round numbers; from 0 on where nothing was below.
 */
export function generousRange([low, high]: Span, unit: string | null): Span {
  const usual = unit !== null && Object.hasOwn(USUAL, unit) ? USUAL[unit] : undefined;
  if (usual !== undefined && low >= usual[0] && high <= usual[1]) return usual;
  const reach = Math.max(high - low, Math.abs(low), Math.abs(high), 1);
  return [low >= 0 ? 0 : -roundUp(reach - low), high < 0 ? 0 : roundUp(reach + high)];
}

/** The next of 1, 2, 5, 10, 20, 50 … */
function roundUp(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  const factor = [1, 2, 5, 10].find((one) => one * power >= value) ?? 10;
  return factor * power;
}
