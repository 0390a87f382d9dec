import { shown } from "../../model/mod.ts";

/** Units as people write them; others stay as the profile names them. */
const UNITS: Readonly<Record<string, string>> = {
  degC: "°C",
  degF: "°F",
  percent: "%",
  deg: "°",
  m3: "m³",
  ohm: "Ω",
  "m/s2": "m/s²",
  m2: "m²",
};

/** A count with its thousands apart, e.g. `1,204,331`. */
export function number(value: number): string {
  return value.toLocaleString("en");
}

/** A rate: exact where it is small, e.g. `0.2`, `2,431`. */
export function rate(value: number): string {
  if (value === 0) return "0";
  if (value < 0.05) return "under 0.1";
  return value < 10 ? value.toFixed(1) : number(Math.round(value));
}

/** How many of something, e.g. `1 device`, `3 devices`. */
export function plural(value: number, one: string, many = `${one}s`): string {
  return `${number(value)} ${value === 1 ? one : many}`;
}

/** A duration in its two largest units, e.g. `41 d 6 h`, `12 min`, `4.2 ms`. */
export function duration(seconds: number): string {
  if (seconds < 0.0005) return "under 1 ms";
  if (seconds < 1) return `${Number((seconds * 1_000).toPrecision(2))} ms`;
  if (seconds < 60) return `${Math.floor(seconds)} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`;
  const days = Math.floor(hours / 24);
  return hours % 24 === 0 ? `${number(days)} d` : `${number(days)} d ${hours % 24} h`;
}

/** How long ago something was, e.g. `2 min ago`; `just now` within two seconds. */
export function ago(now: string, then: string): string {
  return Date.parse(now) - Date.parse(then) < 2_000 ? "just now" : `${age(now, then)} ago`;
}

/** How long before `now` something was; clocks that differ make no negative ages. */
export function age(now: string, then: string): string {
  return duration(Math.max(0, (Date.parse(now) - Date.parse(then)) / 1_000));
}

/** A size, e.g. `38 MiB`. */
export function bytes(value: number): string {
  const units = ["B", "KiB", "MiB", "GiB", "TiB"];
  let size = value;
  let unit = 0;
  while (size >= 1_024 && unit < units.length - 1) {
    size /= 1_024;
    unit++;
  }
  return `${size < 10 && unit > 0 ? Number(size.toFixed(1)) : Math.round(size)} ${units[unit]}`;
}

/** A share in whole percent; what is not nothing is not shown as nothing. */
export function percent(part: number, whole: number): string {
  if (part === 0 || whole === 0) return "0 %";
  const share = part / whole * 100;
  return share < 1 ? "under 1 %" : `${Math.floor(share)} %`;
}

/** A moment in UTC: the time of day, with the day and the year where they are not those of `now`. */
export function moment(now: string, then: string): string {
  const time = then.slice(11, 16);
  if (now.slice(0, 10) === then.slice(0, 10)) return time;
  const year = now.slice(0, 4) === then.slice(0, 4) ? {} : { year: "numeric" } as const;
  const day = new Date(then).toLocaleDateString("en-GB", {
    day: "numeric",
    month: "long",
    timeZone: "UTC",
    ...year,
  });
  return `${day} ${time}`;
}

/** A value as a table has room for it: four digits, sizes in the largest unit that fits, e.g. `25.43 %`, `34 GiB`. */
export function brief(value: number | boolean | string, unit: string | null): string {
  if (typeof value !== "number") return reading(value, unit);
  if (unit === "B" && value >= 0) return bytes(value);
  if (Math.abs(value) < 1_000) return reading(Number(value.toPrecision(4)), unit);
  return reading(number(Math.round(value)), unit);
}

/** A value with its unit, e.g. `84.2 °C`, `yes`. */
export function reading(value: number | boolean | string, unit: string | null): string {
  if (typeof value === "boolean") return value ? "yes" : "no";
  const text = typeof value === "number" ? String(Number(value.toPrecision(6))) : shown(value);
  return unit === null ? text : `${text} ${UNITS[unit] ?? unit}`;
}
