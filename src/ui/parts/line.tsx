import type { JSX } from "hono/jsx/jsx-runtime";

const WIDTH = 200;
const HEIGHT = 40;
/** Room above and below, so that the stroke is not cut. */
const EDGE = 3;

/** A small line over time, its area filled; gaps where there was no value. */
export function Line(
  { values, label, zero, kind }: {
    values: readonly (number | null)[];
    /** What it shows, for those who do not see it. */
    label: string;
    /** Whether the axis begins at 0, as rates and stocks do; else at the least value. */
    zero: boolean;
    /** Which style it has. */
    kind: "history" | "spark";
  },
): JSX.Element {
  return (
    <svg
      class={kind}
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      preserveAspectRatio="none"
      role="img"
      aria-label={label}
    >
      {stretches(values, zero).map(({ line, area }) => (
        <>
          <path class="area" d={area} />
          <path class="stroke" d={line} />
        </>
      ))}
    </svg>
  );
}

/** The paths of each stretch without a gap. A single value is a short dash. */
export function stretches(
  values: readonly (number | null)[],
  zero: boolean,
): readonly { readonly line: string; readonly area: string }[] {
  const known = values.filter((value) => value !== null && Number.isFinite(value)) as number[];
  if (known.length === 0) return [];
  const low = zero ? 0 : Math.min(...known);
  const high = Math.max(...known, low);
  const step = values.length < 2 ? WIDTH : WIDTH / (values.length - 1);
  const y = (value: number): number =>
    high === low
      ? (zero ? HEIGHT - EDGE : HEIGHT / 2)
      : HEIGHT - EDGE - (value - low) / (high - low) * (HEIGHT - 2 * EDGE);
  const found: { line: string; area: string }[] = [];
  let open: { x: number; y: number }[] = [];
  const close = (): void => {
    const last = open.at(-1);
    if (last === undefined) return;
    if (open.length === 1) open = [{ x: Math.max(0, last.x - step / 2), y: last.y }, last];
    const line = open.map(({ x, y }, index) => `${index === 0 ? "M" : "L"}${round(x)} ${round(y)}`).join("");
    found.push({
      line,
      area: `${line}L${round(open.at(-1)?.x ?? 0)} ${HEIGHT}L${round(open[0]?.x ?? 0)} ${HEIGHT}Z`,
    });
    open = [];
  };
  values.forEach((value, index) => {
    if (value === null || !Number.isFinite(value)) close();
    else open.push({ x: index * step, y: y(value) });
  });
  close();
  return found;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
