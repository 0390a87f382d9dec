/// <reference lib="dom" />
import type { DeviceOrder } from "../parts/device_list.ts";
import type { Order } from "../parts/devices_table.tsx";
import { on } from "./actions.ts";

/** Lets the headings of a table order it; a third click on the same one goes back to `usual`. */
export function startDeviceOrder(changed: (order: Order) => void, usual: Order): void {
  let order = usual;
  on("sort", (button) => {
    const by = button.dataset.by as DeviceOrder;
    // A third click goes back to those that need attention first.
    order = order.by !== by
      ? { by, down: false }
      : order.down
      ? { by: "attention", down: false }
      : { by, down: true };
    changed(order);
  });
}
