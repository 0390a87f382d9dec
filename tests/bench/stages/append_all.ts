import { Inbox, JournalTime } from "../../../src/buffer/mod.ts";
import { InboxEncoder, KIND } from "../../../src/buffer/inbox_codec.ts";
import { systemClock } from "../../../src/clock.ts";
import type { Message } from "../../../src/model/mod.ts";
import { openNowhere } from "../kit/nowhere.ts";

/** Messages that share an fdatasync: as under load. */
const GROUP = 500;

/** All messages into an inbox whose disk costs nothing. */
export async function appendAll(messages: readonly Message[]): Promise<void> {
  const inbox = new Inbox(await openNowhere("inbox", "group"), new JournalTime(systemClock), 1);
  for (let n = 0; n < messages.length; n++) {
    const message = messages[n];
    if (message !== undefined) inbox.message(message);
    if (n % GROUP === GROUP - 1) await inbox.sync();
  }
  inbox.take();
  await inbox.close();
}

/** The same records as bytes into its journal. */
export async function appendBodies(bodies: readonly Uint8Array[]): Promise<void> {
  const journal = await openNowhere("inbox", "group");
  for (let n = 0; n < bodies.length; n++) {
    const body = bodies[n];
    if (body !== undefined) journal.append(KIND.message, body);
    if (n % GROUP === GROUP - 1) await journal.sync();
  }
  await journal.close();
}

/** What the inbox makes of messages before they are appended. */
export function bodiesOf(messages: readonly Message[]): Uint8Array[] {
  const encoder = new InboxEncoder();
  const stamp = { receivedAt: Date.now(), elapsed: 0, implausible: false };
  return messages.map((message) => encoder.message(message, stamp).slice());
}
