/** One sample of an exposition. */
export interface Parsed {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** A family of an exposition. */
export interface ParsedFamily {
  readonly name: string;
  readonly help: string;
  readonly type: string;
  readonly samples: readonly Parsed[];
}

const SUFFIXES: Readonly<Record<string, readonly string[]>> = {
  counter: [""],
  gauge: [""],
  histogram: ["_bucket", "_sum", "_count"],
};

/**
 * A strict reader of the Prometheus text format 0.0.4, written from its specification and independent of the
 * writer: each family has HELP, TYPE and its own samples in one piece, no name or label set comes twice, every
 * escape is one of the format's, a histogram's buckets are cumulative and end in `+Inf` = `_count`.
 */
export function parseExposition(text: string): ParsedFamily[] {
  if (text !== "" && !text.endsWith("\n")) throw new Error("The last line has no end");
  const lines = text.split("\n").slice(0, -1);
  const families: ParsedFamily[] = [];
  const seen = new Set<string>();
  let at = 0;
  while (at < lines.length) {
    const help = /^# HELP ([a-zA-Z_:][a-zA-Z0-9_:]*) ((?:[^\\]|\\\\|\\n)*)$/.exec(lines[at++] ?? "");
    const type = /^# TYPE ([a-zA-Z_:][a-zA-Z0-9_:]*) (counter|gauge|histogram)$/.exec(lines[at++] ?? "");
    if (help === null || type === null || help[1] !== type[1]) {
      throw new Error(`No HELP and TYPE at line ${at}`);
    }
    const name = help[1] ?? "";
    if (families.some((family) => family.name === name)) throw new Error(`${name} comes twice`);
    const samples: Parsed[] = [];
    for (; at < lines.length && !(lines[at] ?? "").startsWith("#"); at++) {
      const sample = parseSample(lines[at] ?? "");
      if (!(SUFFIXES[type[2] ?? ""] ?? []).some((suffix) => sample.name === name + suffix)) {
        throw new Error(`${sample.name} stands under ${name}`);
      }
      const identity = sample.name + JSON.stringify(Object.entries(sample.labels).sort());
      if (seen.has(identity)) throw new Error(`${identity} comes twice`);
      seen.add(identity);
      samples.push(sample);
    }
    if (type[2] === "histogram") checkHistogram(name, samples);
    families.push({ name, help: unescape(help[2] ?? ""), type: type[2] ?? "", samples });
  }
  return families;
}

function parseSample(line: string): Parsed {
  const shape = /^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.*)\})? (\S+)$/s.exec(line);
  if (shape === null) throw new Error(`No sample: ${line}`);
  const labels: Record<string, string> = {};
  let rest = shape[2] ?? "";
  while (rest !== "") {
    const label = /^([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\\\|\\"|\\n)*)"(?:,(?=.)|$)/.exec(rest);
    if (label === null) throw new Error(`No label: ${rest}`);
    if (Object.hasOwn(labels, label[1] ?? "")) throw new Error(`The label ${label[1]} comes twice`);
    labels[label[1] ?? ""] = unescape(label[2] ?? "");
    rest = rest.slice(label[0].length);
  }
  return { name: shape[1] ?? "", labels, value: parseNumber(shape[3] ?? "") };
}

function parseNumber(text: string): number {
  if (text === "+Inf") return Infinity;
  if (text === "-Inf") return -Infinity;
  if (text === "NaN") return NaN;
  if (!/^-?\d+(\.\d+)?(e[+-]?\d+)?$/.test(text)) throw new Error(`No number: ${text}`);
  return Number(text);
}

function unescape(text: string): string {
  return text.replaceAll(/\\([\\"n])/g, (_, escaped) => escaped === "n" ? "\n" : escaped);
}

function checkHistogram(name: string, samples: readonly Parsed[]): void {
  const buckets = samples.filter((sample) => sample.name.endsWith("_bucket"));
  let bound = -Infinity;
  let count = 0;
  for (const bucket of buckets) {
    const le = parseNumber(bucket.labels["le"] ?? "");
    if (!(le > bound) || bucket.value < count) throw new Error(`The buckets of ${name} do not ascend`);
    bound = le;
    count = bucket.value;
  }
  const total = samples.find((sample) => sample.name === `${name}_count`);
  if (bound !== Infinity || total?.value !== count) throw new Error(`${name} has no whole +Inf bucket`);
}
