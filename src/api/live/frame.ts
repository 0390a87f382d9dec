const encoder = new TextEncoder();

/**
 * One event of a stream, as the bytes that every client gets (WHATWG HTML, section 9.2.6).
 *
 * @param event its name
 * @param data becomes JSON, which holds no line break
 * @param id what a client says on its return; without one it is not sent again
 */
export function frame(event: string, data: unknown, id?: number): Uint8Array {
  const line = id === undefined ? "" : `id: ${id}\n`;
  return encoder.encode(`event: ${event}\n${line}data: ${JSON.stringify(data)}\n\n`);
}

/** A comment: says to everything between us and the client that the connection lives. */
export const HEARTBEAT: Uint8Array = encoder.encode(": \n\n");

/**
 * The beginning of a stream: how long a client waits before it comes back, and where it is. Without data it is no event.
 *
 * @param retry ms
 * @param id of the newest event that is kept
 */
export function opening(retry: number, id: number): Uint8Array {
  return encoder.encode(`retry: ${retry}\nid: ${id}\n\n`);
}

/** Several as one. */
export function joined(frames: readonly Uint8Array[]): Uint8Array {
  const [only] = frames;
  if (frames.length === 1 && only !== undefined) return only;
  const whole = new Uint8Array(frames.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const each of frames) {
    whole.set(each, at);
    at += each.length;
  }
  return whole;
}
