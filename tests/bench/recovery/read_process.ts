/** The baseline: reads what the inbox holds and parses the payloads, nothing else. */
import { moment, tell, told } from "../../support/child_process.ts";
import { openRestingCore } from "../kit/resting_core.ts";

/** What it says at its end. */
export interface ReadReport {
  readonly messages: number;
  /** When the first record was asked for and when the last was parsed, `moment()`. */
  readonly firstAt: number;
  readonly lastAt: number;
}

async function read(configPath: string): Promise<ReadReport> {
  const { core: { inbox } } = await openRestingCore(configPath);
  const decoder = new TextDecoder();
  let messages = 0;
  const firstAt = moment();
  for await (const { records } of inbox.replay(1, inbox.last)) {
    for (const { content } of records) {
      if (content.kind !== "message") continue;
      const { seq } = JSON.parse(decoder.decode(content.message.payload));
      if (typeof seq === "number") messages++;
    }
  }
  return { messages, firstAt, lastAt: moment() };
}

if (import.meta.main) {
  await tell(JSON.stringify(await read(JSON.parse(Deno.args[0] ?? ""))));
  await told();
}
