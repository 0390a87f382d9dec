import type { OpenAPIHono } from "@hono/zod-openapi";
import type { Environment } from "./environment.ts";

/** The application that routes are added to. */
export type App = OpenAPIHono<Environment>;
