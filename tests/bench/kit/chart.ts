/** A curve of measured points over a logarithmic axis. */
export interface Chart {
  readonly title: string;
  /** What lies along each axis, with its unit. */
  readonly x: string;
  readonly y: string;
  /** By `x`, ascending and above 0. */
  readonly points: readonly (readonly [x: number, y: number])[];
}

/** Where a chart stands, with its labels. */
export interface Frame {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** Room for labels around the plane. */
const MARGIN = { left: 78, right: 16, top: 46, bottom: 50 };
/** From the ends of the horizontal axis to the first and the last point, so that their labels have room. */
const INSET = 30;
/** Lines across the plane, about. */
const LINES = 4;

/** Styles of the classes that `chartSvg` uses, legible on a light and on a dark page. */
export const CHART_STYLE = `
    text { font: 12px system-ui, "Segoe UI", "DejaVu Sans", sans-serif; fill: #59636e; }
    .page { fill: #ffffff; }
    .title { font-size: 14px; font-weight: 600; fill: #1f2328; }
    .value { font-weight: 600; fill: #1f2328; stroke: #ffffff; stroke-width: 4px; paint-order: stroke; }
    .grid { stroke: #d1d9e0; }
    .axis { stroke: #59636e; }
    .curve { stroke: #0969da; stroke-width: 2; fill: none; }
    .dot { fill: #0969da; stroke: #ffffff; stroke-width: 1.5; }
    @media (prefers-color-scheme: dark) {
      text { fill: #9198a1; }
      .page { fill: #0d1117; }
      .title, .value { fill: #f0f6fc; }
      .value { stroke: #0d1117; }
      .grid { stroke: #2f363e; }
      .axis { stroke: #9198a1; }
      .curve { stroke: #4493f8; }
      .dot { fill: #4493f8; stroke: #0d1117; }
    }
  `;

/** The chart as elements of an SVG; y begins at 0, so that heights can be compared. */
export function chartSvg(chart: Chart, frame: Frame): string {
  const { points } = chart;
  const left = frame.left + MARGIN.left;
  const right = frame.left + frame.width - MARGIN.right;
  const top = frame.top + MARGIN.top;
  const bottom = frame.top + frame.height - MARGIN.bottom;
  const step = niceStep(Math.max(...points.map(([, y]) => y)) / LINES);
  const most = step * Math.ceil(Math.max(...points.map(([, y]) => y)) * 1.1 / step);
  const [first, last] = [Math.log10(points[0]?.[0] ?? 1), Math.log10(points.at(-1)?.[0] ?? 10)];
  const across = (x: number): number =>
    rounded(left + INSET + (right - left - 2 * INSET) * (Math.log10(x) - first) / (last - first));
  const up = (y: number): number => rounded(bottom - (bottom - top) * y / most);
  const lines = Array.from({ length: Math.round(most / step) + 1 }, (_, n) => n * step);
  const decades = Array.from({ length: Math.floor(last - first) + 1 }, (_, n) => 10 ** (first + n));
  const measured = new Set(points.map(([x]) => x));
  return [
    text(frame.left + MARGIN.left, frame.top + 22, chart.title, "title", "start"),
    ...lines.flatMap((y) => [
      line(left, up(y), right, up(y), y === 0 ? "axis" : "grid"),
      text(left - 8, up(y) + 4, number(y), "", "end"),
    ]),
    ...decades.flatMap((x) => [
      line(across(x), bottom, across(x), bottom + 5, "axis"),
      ...measured.has(x) ? [text(across(x), bottom + 20, number(x))] : [],
    ]),
    text((left + right) / 2, bottom + 40, chart.x),
    turned(frame.left + 14, (top + bottom) / 2, chart.y),
    `<polyline class="curve" points="${points.map(([x, y]) => `${across(x)},${up(y)}`).join(" ")}"/>`,
    ...points.flatMap(([x, y]) => [
      `<circle class="dot" cx="${across(x)}" cy="${up(y)}" r="4"/>`,
      text(across(x), up(y) - 11, number(Number(y.toPrecision(3))), "value"),
    ]),
  ].join("\n  ");
}

/** A step of 1, 2 or 5 times a power of ten, at least as large. */
function niceStep(least: number): number {
  const power = 10 ** Math.floor(Math.log10(least));
  return power * ([1, 2, 5].find((factor) => factor * power >= least) ?? 10);
}

function line(x1: number, y1: number, x2: number, y2: number, kind: string): string {
  return `<line class="${kind}" x1="${x1}" y1="${y1}" x2="${x2}" y2="${y2}"/>`;
}

function text(x: number, y: number, words: string, kind = "", anchor = "middle"): string {
  const style = kind === "" ? "" : ` class="${kind}"`;
  return `<text${style} x="${rounded(x)}" y="${rounded(y)}" text-anchor="${anchor}">${escaped(words)}</text>`;
}

function turned(x: number, y: number, words: string): string {
  const at = `${rounded(x)} ${rounded(y)}`;
  return `<text transform="translate(${at}) rotate(-90)" text-anchor="middle">${escaped(words)}</text>`;
}

function number(value: number): string {
  return Math.round(value).toLocaleString("en");
}

function rounded(value: number): number {
  return Math.round(value * 10) / 10;
}

function escaped(words: string): string {
  return words.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
}
