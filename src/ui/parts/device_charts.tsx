import type { JSX } from "hono/jsx/jsx-runtime";
import type { Series } from "../../api/mod.ts";
import { RANGES } from "../data/device.ts";
import { plural } from "./words.ts";

/** Charts on one page. */
const MOST = 12;

/** The series of which there can be a chart: numbers, and what is yes or no. */
export function charted(series: readonly Series[]): readonly Series[] {
  return series.filter(({ type }) => type !== "string").slice(0, MOST);
}

/** Places for charts; the browser draws them. */
export function ChartPlaces({ series }: { series: readonly Series[] }): JSX.Element {
  const drawn = charted(series);
  if (drawn.length === 0) return <p class="quiet">There is no series of numbers yet.</p>;
  return (
    <>
      {drawn.map(({ id, field, tags }) => (
        <figure class="chart" data-series={id}>
          <figcaption>
            <b>{field}</b>
            <small>{tagWords(tags)}</small>
          </figcaption>
          <p class="quiet">Charts are drawn by a script.</p>
          <div class="plot"></div>
        </figure>
      ))}
      {series.length > drawn.length
        ? (
          <p class="quiet">
            {plural(series.length - drawn.length, "further series", "further series")} not drawn.
          </p>
        )
        : null}
    </>
  );
}

/** The tags of a series that tell it apart from others of its device. */
function tagWords(tags: Series["tags"]): string {
  return Object.entries(tags).filter(([name]) => name !== "device").map(([name, value]) => `${name} ${value}`)
    .join(", ");
}

/** How far back the charts look. */
export function RangeTabs({ id, here }: { id: string; here: string }): JSX.Element {
  return (
    <nav class="tabs" aria-label="How far back">
      {RANGES.map(({ name, words }) => (
        <a
          class="button"
          href={`/devices/${encodeURIComponent(id)}?range=${name}`}
          aria-current={name === here ? "true" : undefined}
        >
          {words}
        </a>
      ))}
    </nav>
  );
}
