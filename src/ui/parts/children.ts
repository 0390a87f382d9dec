import type { Child } from "hono/jsx";

/** What stands between a component's tags. */
export type ComponentChildren = Child;
