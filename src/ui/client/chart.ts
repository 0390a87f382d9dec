/// <reference lib="dom" />
import uPlot from "uplot";
import { reading } from "../parts/words.ts";

/** One stretch of a series' history. */
export interface BandPoint {
  /** RFC 3339, UTC. */
  readonly time: string;
  readonly min: number | null;
  readonly mean: number | null;
  readonly max: number | null;
}

/** A chart that is shown. */
export interface BandChart {
  /** Shows other points. */
  set(points: readonly BandPoint[]): void;
  /** Takes the chart out of the page. */
  close(): void;
}

/** Height of a chart in rem. */
const HEIGHT = 14;

/**
 * A chart in an element: the mean as a line in a band from least to most. Times are UTC, as everywhere on the page. It
 * follows the element's width and the theme.
 */
export function bandChart(
  place: HTMLElement,
  points: readonly BandPoint[],
  about: { readonly unit: string | null },
): BandChart {
  let shown = points;
  let chart = draw();
  const redraw = (): void => {
    chart.destroy();
    chart = draw();
  };
  const resized = new ResizeObserver(() => chart.setSize(sizeOf(place)));
  resized.observe(place);
  const themed = new MutationObserver(redraw);
  themed.observe(document.documentElement, { attributeFilter: ["data-theme"] });
  const system = matchMedia("(prefers-color-scheme: dark)");
  system.addEventListener("change", redraw);

  function draw(): uPlot {
    return new uPlot(optionsOf(place, about.unit), dataOf(shown), place);
  }

  return {
    set(next) {
      shown = next;
      chart.setData(dataOf(next));
    },
    close() {
      resized.disconnect();
      themed.disconnect();
      system.removeEventListener("change", redraw);
      chart.destroy();
    },
  };
}

function optionsOf(place: HTMLElement, unit: string | null): uPlot.Options {
  const colour = (name: string): string =>
    getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const said = (_: uPlot, value: number | null): string => value === null ? "" : reading(value, unit);
  const axis: uPlot.Axis = {
    stroke: colour("--dim"),
    grid: { stroke: colour("--line"), width: 1 },
    ticks: { stroke: colour("--line"), width: 1 },
  };
  const edge = { stroke: "transparent", width: 0, points: { show: false }, value: said } as const;
  return {
    ...sizeOf(place),
    tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1_000), "Etc/UTC"),
    fmtDate: (template) => uPlot.fmtDate(european(template)),
    series: [
      { label: "UTC", value: "{YYYY}-{MM}-{DD} {HH}:{mm}:{ss}" },
      { label: "most", ...edge },
      { label: "mean", stroke: colour("--water"), width: 2, points: { show: false }, value: said },
      { label: "least", ...edge },
    ],
    bands: [{ series: [1, 3], fill: colour("--fill") }],
    axes: [axis, { ...axis, size: 64, values: (_, splits) => splits.map((value) => reading(value, unit)) }],
    legend: { live: true },
    cursor: { y: false },
  };
}

/** Hours to 24, and dates with the year first: uPlot's own are those of the United States. */
function european(template: string): string {
  return template.replaceAll("{h}", "{HH}").replaceAll("{aa}", "").replaceAll(
    "{M}/{D}/{YY}",
    "{YYYY}-{MM}-{DD}",
  ).replaceAll("{M}/{D}", "{MM}-{DD}");
}

function sizeOf(place: HTMLElement): { width: number; height: number } {
  const rem = parseFloat(getComputedStyle(document.documentElement).fontSize);
  return { width: Math.max(200, place.clientWidth), height: Math.round(HEIGHT * rem) };
}

function dataOf(points: readonly BandPoint[]): uPlot.AlignedData {
  return [
    points.map(({ time }) => Date.parse(time) / 1_000),
    points.map(({ max }) => max),
    points.map(({ mean }) => mean),
    points.map(({ min }) => min),
  ];
}
