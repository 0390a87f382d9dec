import { type Ask, askOver } from "../../../src/verify/mod.ts";
import { type AnswerRule, HttpReceiver } from "../../support/http_receiver.ts";

/** A server whose answers a test decides, and how it is asked. */
export interface StandIn {
  readonly server: HttpReceiver;
  readonly ask: Ask;
}

/** Runs `use` with a server that stands in for a database, and ends it. */
export async function withStandIn(
  answer: AnswerRule,
  use: (standIn: StandIn) => Promise<void>,
): Promise<void> {
  const server = new HttpReceiver(answer);
  const ask = askOver({
    name: "The database",
    base: server.url,
    headers: () => Promise.resolve({ authorization: "Token secret" }),
    hint: "start it",
  });
  try {
    await use({ server, ask });
  } finally {
    await server.close();
  }
}

/** Says that it is InfluxDB, in every answer. */
export function influxdb(version: string): Record<string, string> {
  return { "x-influxdb-build": "OSS", "x-influxdb-version": version };
}
