import type { GatewayConfig } from "./config.ts";
import { Secret } from "./secret.ts";

function closed(value: unknown): unknown {
  if (value instanceof Secret) return value.toString();
  if (Array.isArray(value)) return value.map(closed);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, one]) => [key, key === "sha256" ? "[hash]" : closed(one)]),
  );
}

/** The configuration as plain data for people: no secret and no token hash in it. */
export function redact(config: GatewayConfig): unknown {
  return closed(config);
}
