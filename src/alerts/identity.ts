import type { StreamIdentity } from "../model/mod.ts";

function part(text: string): string {
  return encodeURIComponent(text.toWellFormed());
}

/** A device stream as text: device, profile and tags, each percent-encoded so that no two streams collide. */
export function streamKey(stream: StreamIdentity): string {
  const tags = stream.tags.map(([name, value]) => `${part(name)}=${part(value)}`).join("&");
  return `${part(stream.device)}:${part(stream.profile)}:${tags}`;
}

/** The stable identity of a rule's alert on a series: `rule:device:profile:tags:field`. */
export function seriesAlert(rule: string, stream: string, field: string): string {
  return `${part(rule)}:${stream}:${part(field)}`;
}

/** The stable identity of a dead-man rule's alert on a device: `rule:device`. */
export function deviceAlert(rule: string, device: string): string {
  return `${part(rule)}:${part(device)}`;
}
