import { z } from "zod";

/** The gateway's own log. */
export interface LogConfig {
  /** What is worth a line. */
  readonly level: "debug" | "info" | "warn" | "error";
  /** One object a line, or text for people. */
  readonly format: "json" | "text";
}

/** Section `log`. */
export const logSection = z.strictObject({
  level: z.enum(["debug", "info", "warn", "error"]).prefault("info").describe("What is worth a line."),
  format: z.enum(["json", "text"]).prefault("json").describe("json: one object a line; text: for people."),
}).prefault({});
