/** One size of a site. */
export interface SitePoint {
  /** Devices times fields. */
  readonly series: number;
  /** Alert rules, each of which watches every device. */
  readonly rules: number;
}

/** What all others are compared with. */
export const BASE: SitePoint = { series: 1_000, rules: 1 };

/** More and more series. */
export const BY_SERIES: readonly SitePoint[] = [10, 1_000, 10_000, 100_000].map((series) => ({
  ...BASE,
  series,
}));

/** More and more rules. */
export const BY_RULES: readonly SitePoint[] = [1, 10, 100, 1_000].map((rules) => ({ ...BASE, rules }));

/** Everything that is measured, the base once and first. */
export const POINTS: readonly SitePoint[] = [
  BASE,
  ...[...BY_SERIES, ...BY_RULES].filter((one) => !isBase(one)),
];

/** Fields of a device. */
const FIELDS = 3;

/** Devices that have so many series, or a few more. */
export function devicesOf(series: number): number {
  return Math.ceil(series / FIELDS);
}

/** Whether it is the one that others are compared with. */
export function isBase({ series, rules }: SitePoint): boolean {
  return series === BASE.series && rules === BASE.rules;
}

/** What distinguishes it, in words. */
export function nameOf({ series, rules }: SitePoint): string {
  const counted = (count: number, what: string): string =>
    `${count.toLocaleString("en")} ${count === 1 ? what.replace(/s$/, "") : what}`;
  return `${series.toLocaleString("en")} series, ${counted(rules, "alert rules")}`;
}

/** The figure of its rate. */
export function rateFigure(point: SitePoint): string {
  return `pipeline with ${nameOf(point)}, messages/s`;
}
