import type { JSX } from "hono/jsx/jsx-runtime";
import type { Answer, Device, Page, Sparkline, Status } from "../../api/mod.ts";
import { sortDevices } from "./device_list.ts";
import { DevicesTable, type Order } from "./devices_table.tsx";
import { FirstDevice } from "./first_device.tsx";
import { Unavailable } from "./unavailable.tsx";
import { number } from "./words.ts";

/** What the table shows, and of what. */
export interface AllDevicesProps {
  readonly devices: Answer<Page<Device>>;
  readonly sparks: readonly Sparkline[];
  readonly status: Status;
  readonly order: Order;
  /** The page's query: `liveness`, `search`, `cursor`. */
  readonly query: Readonly<Record<string, string>>;
}

/** A stretch of all devices, with the ways to the others. */
export function AllDevices({ devices, sparks, status, order, query }: AllDevicesProps): JSX.Element {
  if (!devices.ok) return <Unavailable answer={devices} what="Devices" />;
  const { items, next_cursor } = devices.value;
  if (status.devices.known === 0) return <FirstDevice status={status} howTo={null} />;
  return (
    <>
      {items.length === 0
        ? (
          <p class="quiet">
            No device matches. <a href="/devices">All devices</a>
          </p>
        )
        : (
          <DevicesTable
            devices={sortDevices(items, order.by, order.down)}
            sparks={new Map(sparks.map((spark) => [spark.device, spark]))}
            now={status.now}
            order={order}
          />
        )}
      <p class="row quiet paging">
        {query.cursor === undefined
          ? null
          : <a class="button" href={`/devices?${without(query, "cursor")}`}>First ones</a>}
        {next_cursor === null
          ? null
          : (
            <a class="button" href={`/devices?${new URLSearchParams({ ...query, cursor: next_cursor })}`}>
              Next {number(items.length)}
            </a>
          )}
        <span>{number(items.length)} shown of {number(status.devices.known)}</span>
      </p>
    </>
  );
}

/** The ways to the devices of one liveness, each with how many there are. */
export function LivenessTabs({ status, query }: Pick<AllDevicesProps, "status" | "query">): JSX.Element {
  const { known, online, late, offline } = status.devices;
  const tabs: readonly (readonly [liveness: string, words: string, count: number])[] = [
    ["", "all", known],
    ["online", "online", online],
    ["late", "late", late],
    ["offline", "offline", offline],
    ["unknown", "without a schedule", known - online - late - offline],
  ];
  const here = query.liveness ?? "";
  return (
    <nav class="tabs" aria-label="Liveness">
      {tabs.map(([liveness, words, count]) => {
        const next = new URLSearchParams(without(query, "cursor"));
        if (liveness === "") next.delete("liveness");
        else next.set("liveness", liveness);
        const needed = (liveness === "late" || liveness === "offline") && count > 0;
        return (
          <a
            key={words}
            class={needed ? "button look" : "button"}
            href={`/devices?${next}`}
            aria-current={liveness === here ? "true" : undefined}
          >
            {words} {number(count)}
          </a>
        );
      })}
    </nav>
  );
}

function without(query: Readonly<Record<string, string>>, name: string): string {
  return new URLSearchParams(Object.entries(query).filter(([key]) => key !== name)).toString();
}
