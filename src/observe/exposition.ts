/** Media type of the Prometheus text format, for the `Content-Type` of `/metrics`. */
export const EXPOSITION_TYPE = "text/plain; version=0.0.4; charset=utf-8";

/** One value of a metric. */
export interface Sample {
  /** What follows the family's name, e.g. `_bucket`; mostly empty. */
  readonly suffix: string;
  /** Names and values. */
  readonly labels: readonly (readonly [string, string])[];
  /** The value. */
  readonly value: number;
}

/** A metric with all its values. */
export interface Family {
  readonly name: string;
  readonly help: string;
  readonly type: "counter" | "gauge" | "histogram";
  /** The values now, in stable order. */
  samples(): readonly Sample[];
}

/**
 * Prometheus text format 0.0.4 (prometheus.io, "Exposition formats"): help, type and samples of each family,
 * families in order of their names.
 */
export function expose(families: Iterable<Family>): string {
  const sorted = [...families].sort((a, b) => a.name < b.name ? -1 : 1);
  let text = "";
  for (const family of sorted) {
    text += `# HELP ${family.name} ${escapeHelp(family.help)}\n# TYPE ${family.name} ${family.type}\n`;
    for (const sample of family.samples()) {
      const labels = sample.labels.map(([name, value]) => `${name}="${escapeLabel(value)}"`).join(",");
      const braced = labels === "" ? "" : `{${labels}}`;
      text += `${family.name}${sample.suffix}${braced} ${exposedNumber(sample.value)}\n`;
    }
  }
  return text;
}

/** A number as Go's `ParseFloat` reads it; `+Inf`, `-Inf` and `NaN` are spelled so. */
export function exposedNumber(value: number): string {
  if (value === Infinity) return "+Inf";
  if (value === -Infinity) return "-Inf";
  return String(value);
}

function escapeHelp(text: string): string {
  return text.replaceAll("\\", "\\\\").replaceAll("\n", "\\n");
}

function escapeLabel(text: string): string {
  return text.toWellFormed().replaceAll("\\", "\\\\").replaceAll("\n", "\\n").replaceAll('"', '\\"');
}
