import { z } from "@hono/zod-openapi";
import { time, wire } from "./wire.ts";

/** The configuration in force. */
export interface ConfigAnswer {
  /** The file it came from; `null` where it came from none. */
  readonly file: string | null;
  /** When it took effect. RFC 3339, UTC. */
  readonly since: string;
  /** All of it, defaults resolved, every secret replaced by `[redacted]`. */
  readonly config: Readonly<Record<string, unknown>>;
}

export const ConfigSchema = wire<ConfigAnswer>()(
  z.object({
    file: z.string().nullable(),
    since: time,
    config: z.record(z.string(), z.unknown()).openapi({ description: "secrets are redacted" }),
  }).openapi("Config"),
);
