/** Fills the inbox of a gateway with messages, all of them synced, and takes no checkpoint; it waits to be killed. */
import { tell, told } from "../../support/child_process.ts";
import { siteMessages } from "../../support/climate_site.ts";
import { openRestingCore } from "../kit/resting_core.ts";

/** What it is to make. */
export interface InboxTask {
  readonly configPath: string;
  readonly messages: number;
}

/** Messages that become durable together. */
const GROUP = 5_000;
/** Packet identifiers go from 1 to this. */
const PACKETS = 65_535;

async function fill({ configPath, messages }: InboxTask): Promise<void> {
  const { core: { inbox }, rules } = await openRestingCore(configPath);
  inbox.rules(rules);
  const connection = inbox.nextConnection();
  inbox.session({ connection, resumed: false });
  let count = 0;
  for (const message of siteMessages(messages, Date.now())) {
    const packetId = count++ % PACKETS + 1;
    inbox.message({ ...message, connection, packetId, dup: false, retain: false, userProperties: [] });
    if (count % GROUP > 0) continue;
    await inbox.sync();
    inbox.take();
  }
  await inbox.sync();
}

if (import.meta.main) {
  await fill(JSON.parse(Deno.args[0] ?? ""));
  await tell("filled");
  await told();
}
