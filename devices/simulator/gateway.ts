import type { Ledger, Reason, Rules } from "../../src/model/mod.ts";

/** What waits for the database. */
export interface Backlog {
  /** Points. */
  readonly points: number;
  /** Bytes that they take. */
  readonly bytes: number;
  /** Age of the oldest waiting point, ms; `null` where nothing waits. */
  readonly oldestMs: number | null;
}

/** An entry of the gateway's quarantine, as it can be looked at from outside. */
export interface Quarantined {
  /** A whole message, readings of a message that went on, or a point. */
  readonly what: "message" | "readings" | "point";
  readonly topic: string;
  /** Why. */
  readonly reason: Reason;
  /** What it keeps of the payload. */
  readonly payload: string;
  /** Whether the payload is not as it came, since its profile redacts something or not all of it was kept. */
  readonly altered: boolean;
}

/** The gateway under test, as the simulator sees it. */
export interface SimGateway {
  /** Resolves when a message published from now on is received. */
  start(): Promise<void>;
  /** Ends it in order. */
  stop(): Promise<void>;
  /** One consistent cut through its counters, and whether it calls itself balanced. */
  ledger(): Ledger & { readonly balanced: boolean };
  /** The counters of one device; `undefined` where it is not known. */
  device(id: string): Ledger | undefined;
  /** What is in its quarantine, the oldest first. */
  quarantine(): AsyncIterable<Quarantined>;
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
