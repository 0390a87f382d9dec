import { median, type Row, row, type RowExtras } from "../kit/table.ts";
import { RULES, type StageCosts } from "./stages.ts";

/** What the stages cost; the shares are of their sum. */
export function stageRows(costs: readonly StageCosts[]): Row[] {
  const sum = (cost: StageCosts): number => cost.inbox + cost.step + cost.line + cost.gzip;
  const stage = (name: string, figure: (cost: StageCosts) => number): Row => {
    const share = Math.round(100 * median(costs.map((cost) => figure(cost) / sum(cost))));
    return perMessage(`${name}, ns a message`, figure, { note: `${share} % of all` });
  };
  const perMessage = (label: string, figure: (cost: StageCosts) => number, extras: RowExtras = {}): Row =>
    row(label, "JSON.parse of the payload", costs.map((cost) => cost.parse), costs.map(figure), extras);
  return [
    stage("inbox: stamp, encode, append, crc", (cost) => cost.inbox),
    stage("of it: journal append, crc", (cost) => cost.append),
    stage(`the river whole, with ${RULES} alert rules`, (cost) => cost.step),
    stage("of it: decode", (cost) => cost.decode),
    stage("of it: validate", (cost) => cost.validate),
    stage(`of it: alerts, ${RULES} rules against none`, (cost) => cost.step - cost.unwatched),
    stage("of it: windows", (cost) => cost.windows),
    stage("points to lines", (cost) => cost.line),
    stage("lines to gzip'd blocks", (cost) => cost.gzip),
  ];
}
