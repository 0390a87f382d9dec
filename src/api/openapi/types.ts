import type { App } from "../app.ts";

/** An OpenAPI 3.1 document. */
export type OpenapiDocument = ReturnType<App["getOpenAPI31Document"]>;

/** What one path answers, by method. */
export type PathItem = NonNullable<OpenapiDocument["paths"]>[string];

/** One route. */
export type Operation = NonNullable<PathItem["get"]>;

/** One answer. */
export interface AnswerObject {
  /** What it is. */
  readonly description: string;
  /** Its headers. */
  readonly headers?: Readonly<Record<string, unknown>>;
  /** Its bodies, by media type. */
  readonly content?: Readonly<Record<string, unknown>>;
}
