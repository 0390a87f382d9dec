import type { Ledger, Rules } from "../../src/model/mod.ts";

/** What waits for the database. */
export interface Backlog {
  /** Points. */
  readonly points: number;
  /** Bytes that they take. */
  readonly bytes: number;
  /** Age of the oldest waiting point, ms; `null` where nothing waits. */
  readonly oldestMs: number | null;
}

/** The gateway under test, as the simulator sees it. */
export interface SimGateway {
  /** Resolves when a message published from now on is received. */
  start(): Promise<void>;
  /** Ends it in order. */
  stop(): Promise<void>;
  /** One consistent cut through its counters, and whether it calls itself balanced. */
  ledger(): Ledger & { readonly balanced: boolean };
  /** Address of the dashboard. */
  readonly address: string;
  /** What waits for the database. */
  backlog(): Backlog;
  /** The subscriptions and profiles in force, with all defaults resolved. */
  readonly rules: Pick<Rules, "subscriptions" | "profiles">;
}

/**
 * Builds a gateway from a configuration file, on the same way as `run` does.
 *
 * @param configPath absolute path of a gateway.yaml; all paths in it are absolute
 */
export type MakeGateway = (configPath: string) => Promise<SimGateway>;
