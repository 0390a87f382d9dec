import type { JSX } from "hono/jsx/jsx-runtime";
import type { Device, LastValue, Sparkline } from "../../api/mod.ts";
import { type DeviceOrder, refusedOf } from "./device_list.ts";
import { Line } from "./line.tsx";
import { age, brief, number, rate } from "./words.ts";

/** Values shown of one device. */
const MOST_VALUES = 8;

/** How a table of devices is ordered. */
export interface Order {
  readonly by: DeviceOrder;
  readonly down: boolean;
}

/** Devices with what they said last. Its headings order it where a script runs. */
export function DevicesTable(
  { devices, sparks, now, order }: {
    devices: readonly Device[];
    /** By device. */
    sparks: ReadonlyMap<string, Sparkline>;
    now: string;
    order: Order;
  },
): JSX.Element {
  return (
    <table class="devices">
      <thead>
        <tr>
          <Heading words="device" by="id" order={order} />
          <Heading words="profile" by="profile" order={order} kind="wide roomy" />
          <Heading words="last seen" by="seen" order={order} kind="n" />
          <Heading words="msg/s" by="rate" order={order} kind="n wide" />
          <th scope="col">latest</th>
          {sparks.size === 0 ? null : <th scope="col" class="wide">10 min</th>}
          <Heading words="gaps" by="gaps" order={order} kind="n wide" />
          <Heading words="refused" by="refused" order={order} kind="n wide" />
        </tr>
      </thead>
      <tbody>
        {devices.map((device) => (
          (
            <Row
              key={device.id}
              device={device}
              spark={sparks.size === 0 ? undefined : sparks.get(device.id) ?? null}
              now={now}
            />
          )
        ))}
      </tbody>
    </table>
  );
}

function Heading(
  { words, by, order, kind }: { words: string; by: DeviceOrder; order: Order; kind?: string },
): JSX.Element {
  const here = order.by === by;
  return (
    <th scope="col" class={kind} aria-sort={here ? (order.down ? "descending" : "ascending") : undefined}>
      <button type="button" class="sort" data-do="sort" data-by={by}>
        {words}
        {here ? (order.down ? " ↓" : " ↑") : ""}
      </button>
    </th>
  );
}

function Row(
  { device, spark, now }: {
    device: Device;
    /** `null` where it has none; `undefined` where there is no such column. */
    spark: Sparkline | null | undefined;
    now: string;
  },
): JSX.Element {
  const { liveness } = device;
  const refused = refusedOf(device);
  const overdue = liveness === "late" || liveness === "offline";
  return (
    <tr>
      <th scope="row">
        <span class={`dot ${liveness}`} role="img" aria-label={liveness}></span>
        <a class="code" href={`/devices/${encodeURIComponent(device.id)}`}>{device.id}</a>
      </th>
      <td class="wide roomy name quiet">{device.profiles.join(", ")}</td>
      <td class={overdue ? "n look" : "n"}>
        {overdue ? `${liveness}, ` : ""}
        {Date.parse(now) - Date.parse(device.last_seen_at) < 2_000 ? "now" : age(now, device.last_seen_at)}
      </td>
      <td class="n wide">{rate(device.messages_per_second)}</td>
      <td class="latest">
        <ul>
          {telling(device.values, spark?.field).slice(0, MOST_VALUES).map((last) => (
            <li key={`${last.field} ${JSON.stringify(last.tags)}`}>
              <small>{last.field}</small> {brief(last.value, last.unit)}
              {last.quality === "good" || overdue ? "" : ` (${last.quality})`}
            </li>
          ))}
        </ul>
      </td>
      {spark === undefined ? null : (
        <td class="wide">
          {spark === null ? null : (
            <Line
              kind="spark"
              values={spark.values}
              zero={false}
              label={`${spark.field}, the last 10 min`}
            />
          )}
        </td>
      )}
      <td class={device.sequence_gaps === 0 ? "n wide quiet" : "n wide"}>{number(device.sequence_gaps)}</td>
      <td class={refused === 0 ? "n wide quiet" : "n wide"}>{number(refused)}</td>
    </tr>
  );
}

/** What the small line shows first; then numbers with a unit, numbers, what is yes or no, texts. */
function telling(values: readonly LastValue[], drawn: string | undefined): readonly LastValue[] {
  const rank = ({ field, value, unit }: LastValue): number =>
    field === drawn
      ? -1
      : typeof value === "number"
      ? (unit === null ? 1 : 0)
      : typeof value === "boolean"
      ? 2
      : 3;
  return [...values].sort((a, b) => rank(a) - rank(b));
}
