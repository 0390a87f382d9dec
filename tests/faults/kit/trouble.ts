import type { DestinationStatus } from "../../../src/api/mod.ts";
import { until } from "../../support/until.ts";
import type { Stand } from "./stand.ts";

/** What the gateway's status has to say while its database is in trouble. */
export interface Trouble {
  /** Tried again by itself, or somebody has to act. */
  readonly state: "away" | "held";
  /** The sentence for people. */
  readonly says: RegExp;
}

/** Waits until the gateway's status says that the database is in this trouble, and when it is tried again. */
export async function troubled(stand: Stand, { state, says }: Trouble): Promise<DestinationStatus> {
  return await destination(stand, `the status says "${state}" for ${says}`, (found) => {
    return found.state === state && says.test(found.detail ?? "") && found.next_attempt_at !== null;
  });
}

/** Waits until the gateway's status says that the database takes lines. */
export async function reachable(stand: Stand): Promise<void> {
  await destination(stand, "the status says that the database takes lines", (found) => {
    return found.state === "reachable" && found.detail === null;
  });
}

/** How often an event has come since the gateway's start: exact, where the log folds what repeats. */
export async function countOf({ gateway }: Stand, event: string): Promise<number> {
  const { text } = await gateway.get("/metrics");
  const found = new RegExp(`^sluice_events_total\\{event="${event}"\\} (\\d+)$`, "m").exec(text);
  return Number(found?.[1] ?? 0);
}

async function destination(
  stand: Stand,
  what: string,
  condition: (found: DestinationStatus) => boolean,
): Promise<DestinationStatus> {
  let seen: DestinationStatus | undefined;
  return await until(what, async () => {
    // While it is killed or asked too often it does not answer.
    const answer = await stand.gateway.get("/api/v1/status").catch(() => undefined);
    seen = answer?.status === 200 ? answer.body.destinations[0] : undefined;
    return seen !== undefined && condition(seen) ? seen : undefined;
  }, { timeout: 60_000, every: 60, state: () => [seen, stand.gateway.stderrNow()] });
}
