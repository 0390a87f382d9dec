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

/** One thing that is wrong with a configuration, or deserves a look. */
export interface ConfigFault {
  /** The file, as it was named. */
  readonly file: string;
  /** Line, from 1. */
  readonly line: number;
  /** Column, from 1. */
  readonly column: number;
  /** Path inside the file, e.g. `alerts[2].above`; empty for the file as a whole. */
  readonly path: string;
  /** What is wrong, what was found, what is allowed, what to do. */
  readonly message: string;
}

/** One thing in which a configuration differs from the one in force. */
export interface ConfigChange {
  /** Where, by the names of the file; entries of lists by their own names, e.g. `alerts.too-hot.above`. */
  readonly path: string;
  /** What has become of it. */
  readonly change: "added" | "removed" | "changed";
  /** What is in force; a secret is `[secret]`. `null`: nothing. */
  readonly before: string | null;
  /** What would be; a secret is `[secret]`. `null`: nothing. */
  readonly after: string | null;
  /** When it takes effect. */
  readonly effect: "reload" | "restart";
}

/** What another configuration would be. */
export interface ConfigValidation {
  /** Whether it could be put in force. */
  readonly valid: boolean;
  /** Everything that is wrong. */
  readonly problems: readonly ConfigFault[];
  /** What deserves a look but stops nothing. */
  readonly warnings: readonly ConfigFault[];
  /** What it would change; empty where it is not valid. */
  readonly differences: readonly ConfigChange[];
}

/** A reload that was done. */
export interface ConfigReloadAnswer {
  /** What is different now, and what will be after a restart. */
  readonly differences: readonly ConfigChange[];
  /** Paths of what takes effect at the next start. */
  readonly restart_needed: readonly string[];
}

export const ConfigSchema = wire<ConfigAnswer>()(
  z.object({
    file: z.string().nullable(),
    since: time,
    config: z.record(z.string(), z.unknown()).openapi({ description: "secrets are redacted" }),
  }).openapi("Config"),
);

const fault = wire<ConfigFault>()(
  z.object({
    file: z.string(),
    line: z.number().int(),
    column: z.number().int(),
    path: z.string().openapi({ description: "empty for the file as a whole" }),
    message: z.string(),
  }).openapi("ConfigFault"),
);

const change = wire<ConfigChange>()(
  z.object({
    path: z.string().openapi({ example: "alerts.too-hot.above" }),
    change: z.enum(["added", "removed", "changed"]),
    before: z.string().nullable().openapi({ description: "a secret is [secret]" }),
    after: z.string().nullable().openapi({ description: "a secret is [secret]" }),
    effect: z.enum(["reload", "restart"]),
  }).openapi("ConfigChange"),
);

/** A text in the place of the file's own; without one the file on disk is meant. */
export const ConfigTextSchema = z.strictObject({
  text: z.string().max(262_144).optional().openapi({ description: "YAML; left out: the file on disk" }),
}).openapi("ConfigText");

export const ConfigValidationSchema = wire<ConfigValidation>()(
  z.object({
    valid: z.boolean(),
    problems: z.array(fault).readonly(),
    warnings: z.array(fault).readonly(),
    differences: z.array(change).readonly(),
  }).openapi("ConfigValidation"),
);

export const ConfigReloadSchema = wire<ConfigReloadAnswer>()(
  z.object({
    differences: z.array(change).readonly(),
    restart_needed: z.array(z.string()).readonly().openapi({ description: "takes effect at the next start" }),
  }).openapi("ConfigReload"),
);
