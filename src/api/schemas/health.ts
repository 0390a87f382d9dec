import { z } from "@hono/zod-openapi";
import { type NotReady, NotReadySchema } from "./problem.ts";
import { wire } from "./wire.ts";

/** The process lives. */
export interface Health {
  /** Always `ok`. */
  readonly status: "ok";
}

/** Whether the gateway takes in messages durably. A database out of reach is not unready. */
export interface Readiness {
  /** Whether there is no reason against it. */
  readonly ready: boolean;
  /** Every reason against it. */
  readonly reasons: readonly NotReady[];
}

export const HealthSchema = wire<Health>()(z.object({ status: z.literal("ok") }).openapi("Health"));

export const ReadinessSchema = wire<Readiness>()(
  z.object({ ready: z.boolean(), reasons: z.array(NotReadySchema).readonly() }).openapi("Readiness"),
);
