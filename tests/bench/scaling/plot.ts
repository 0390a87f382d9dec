import { CHART_STYLE, chartSvg } from "../kit/chart.ts";
import type { Row } from "../kit/table.ts";
import { BY_RULES, BY_SERIES, isBase, rateFigure, type SitePoint } from "./points.ts";

const WIDTH = 860;
const HEIGHT = 320;

const COST = "ns a message on one core";

/**
 * What a message costs against the size of the site, as an SVG of two panels.
 *
 * @throws where a figure is not among the rows
 */
export function plotOf(rows: readonly Row[]): string {
  const cost = (point: SitePoint): number => 1e9 / rateOf(rows, point);
  const panel = { top: 0, width: WIDTH / 2, height: HEIGHT };
  const series = chartSvg({
    title: "More series, one alert rule",
    x: "series (three a device)",
    y: COST,
    points: BY_SERIES.map((point) => [point.series, cost(point)]),
  }, { ...panel, left: 0 });
  const rules = chartSvg({
    title: "More alert rules, 1,000 series",
    x: "alert rules, each watching every device",
    y: COST,
    points: BY_RULES.map((point) => [point.rules, cost(point)]),
  }, { ...panel, left: WIDTH / 2 });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" height="${HEIGHT}" role="img" aria-labelledby="what">
  <title id="what">What a message costs in the pipeline, against the number of series and of alert rules</title>
  <style>${CHART_STYLE}</style>
  <rect class="page" width="${WIDTH}" height="${HEIGHT}" rx="6"/>
  ${series}
  ${rules}
</svg>
`;
}

/** Messages a second; those of the base stand in every row that is compared with it. */
function rateOf(rows: readonly Row[], point: SitePoint): number {
  const [other = point] = BY_SERIES.filter((one) => !isBase(one));
  const figure = rateFigure(isBase(point) ? other : point);
  const found = rows.find((row) => row.figure === figure);
  if (found === undefined) throw new Error(`There is no row "${figure}" to be drawn`);
  return isBase(point) ? found.base : found.value;
}
