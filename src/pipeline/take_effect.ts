import type { Effect } from "../decode/mod.ts";
import type { River, RiverOutput } from "./river.ts";

/** What a message of a format with a memory does beside its readings. */
export function takeEffect(river: River, { remember, request, died = [] }: Effect, out: RiverOutput): void {
  remember();
  if (request !== undefined) out.request?.(request);
  for (const topic of died) {
    const id = river.routes.routeOf(topic)?.device ?? null;
    const device = id === null ? undefined : river.registry.device(id);
    if (device !== undefined) device.dead = true;
  }
}
