import type { Tags } from "../model/mod.ts";
import type { Route } from "./routes.ts";
import type { River } from "./river.ts";
import type { Device, Stream } from "./state.ts";

/**
 * The stream of a record that gives tags of its own: one for each combination, beside the stream of the topic, which
 * keeps what belongs to the device's messages as a whole (sequence, repetitions, dead-men).
 *
 * @returns `undefined` where there is no room for a new one
 */
export function taggedStream(river: River, route: Route, device: Device, own: Tags): Stream | undefined {
  // No tag holds a control character, so that no two combinations are one text.
  let key = "";
  for (const [name, value] of own) key += `${name}\n${value}\n`;
  const known = route.tagged?.get(key);
  if (known !== undefined) return known;
  const stream = river.registry.openStream(route, device, joined(route.tags, own));
  // Found again at the next message without building its tags; the registry alone is the memory.
  if (stream !== undefined) (route.tagged ??= new Map()).set(key, stream);
  return stream;
}

/** Both, sorted by name. What the topic says counts: no payload makes itself another device. */
function joined(topic: Tags, own: Tags): Tags {
  const names = new Set(topic.map(([name]) => name));
  return [...topic, ...own.filter(([name]) => !names.has(name))].sort((a, b) => a[0] < b[0] ? -1 : 1);
}
