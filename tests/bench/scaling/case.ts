import type { BenchCase, Scale } from "../kit/bench_case.ts";
import { median, type Row, row, type RowExtras } from "../kit/table.ts";
import { typicalAlerts } from "../kit/typical_alerts.ts";
import type { PipelineReport } from "../pipeline/pipeline_process.ts";
import { runPipeline } from "../pipeline/run_pipeline.ts";
import { plotOf } from "./plot.ts";
import { BASE, devicesOf, isBase, nameOf, POINTS, rateFigure, type SitePoint } from "./points.ts";
import { wholeGatewayRows } from "./whole_gateway.ts";

/**
 * Messages of one run at full scale: of the most devices ten each, a window's worth, so that every size of site has as
 * many points for its messages.
 */
const MESSAGES = 10 * devicesOf(100_000);
/** Messages before that: at least so many, and so many of each device that windows come, are held and go. */
const WARM_UP = { messages: 50_000, ofEach: 45 };
const MB = 1e6;

const BASELINE = `the pipeline with ${nameOf(BASE)}`;

/** What more devices and more rules cost: a message should not notice the rest of the site. */
export const scaling: BenchCase = {
  name: "scaling",
  about:
    "one core, from durable records to gzip'd blocks, as the site and its rules grow; three series a device",
  async measure(scale) {
    const reports = new Map(POINTS.map((point): [SitePoint, PipelineReport[]] => [point, []]));
    for (let round = 0; round < scale.rounds; round++) {
      for (const [point, done] of reports) done.push(await onePoint(point, scale));
    }
    const base = reports.get(BASE) ?? [];
    const rows = [...reports].filter(([point]) => !isBase(point)).flatMap(([point, done]) =>
      pointRows(point, base, done)
    );
    return [...rows, ...await wholeGatewayRows(scale)];
  },
  plot: { file: new URL("../cost.svg", import.meta.url), draw: plotOf },
};

async function onePoint({ series, rules }: SitePoint, { part }: Scale): Promise<PipelineReport> {
  const devices = devicesOf(series);
  // However little is measured, windows must come and go.
  const warmUp = Math.round(Math.max(part * WARM_UP.messages, WARM_UP.ofEach * devices));
  const size = { messages: Math.round(MESSAGES * part), warmUp, devices };
  return await runPipeline({ ...size, from: "records" }, { alerts: typicalAlerts(rules) });
}

function pointRows(
  point: SitePoint,
  base: readonly PipelineReport[],
  done: readonly PipelineReport[],
): Row[] {
  const beside = (figure: string, of: (one: PipelineReport) => number, extras: RowExtras): Row =>
    row(figure, BASELINE, base.map(of), done.map(of), extras);
  const mb = (of: (one: PipelineReport) => number): string =>
    `${Math.round(median(done.map(of)) / MB)} MB (baseline ${Math.round(median(base.map(of)) / MB)})`;
  return [
    beside(
      rateFigure(point),
      ({ rate }) => rate,
      point.series === 100_000 ? { target: { of: "ratio", atLeast: 0.75 } } : {},
    ),
    beside(`heap in use with ${nameOf(point)}, MB`, ({ heap }) => heap / MB, {
      note: `RSS ${mb(({ rss }) => rss)}, peak ${mb(({ peak }) => peak)}`,
    }),
  ];
}
