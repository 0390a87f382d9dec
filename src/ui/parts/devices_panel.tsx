import type { JSX } from "hono/jsx/jsx-runtime";
import type { Answer, Device, HowTo, Sparkline, Status } from "../../api/mod.ts";
import { filterDevices, sortDevices } from "./device_list.ts";
import { DevicesTable, type Order } from "./devices_table.tsx";
import { FirstDevice } from "./first_device.tsx";
import { Unavailable } from "./unavailable.tsx";
import { plural } from "./words.ts";

/** What the panel shows. */
export interface DevicesProps {
  readonly devices: Answer<readonly Device[]>;
  readonly sparks: readonly Sparkline[];
  readonly status: Status;
  readonly order: Order;
  /** What a first device is told. */
  readonly howTo: HowTo | null;
  /** What stands in the filter. */
  readonly filter: string;
}

/** The table of devices under its filter, which stands outside so that it keeps what is typed. */
export function DevicesBody({ devices, sparks, status, order, filter, howTo }: DevicesProps): JSX.Element {
  if (!devices.ok) return <Unavailable answer={devices} what="Devices" />;
  if (devices.value.length === 0) return <FirstDevice status={status} howTo={howTo} />;
  const shown = sortDevices(filterDevices(devices.value, filter), order.by, order.down);
  const more = status.devices.known - devices.value.length;
  return (
    <>
      {shown.length === 0 ? <p class="quiet">No device here matches "{filter}".</p> : (
        <DevicesTable
          devices={shown}
          sparks={new Map(sparks.map((spark) => [spark.device, spark]))}
          now={status.now}
          order={order}
        />
      )}
      {more > 0
        ? (
          <p class="quiet">
            <a href="/devices">and {plural(more, "more device")}</a>
          </p>
        )
        : null}
    </>
  );
}
