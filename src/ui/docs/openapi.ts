import type { Answer, Ask } from "../../api/mod.ts";

/** A schema, as far as the page shows it (JSON Schema 2020-12). */
export interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly enum?: readonly (string | number | boolean | null)[];
  readonly const?: string | number | boolean;
  readonly description?: string;
  readonly format?: string;
  readonly example?: unknown;
  readonly default?: unknown;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly additionalProperties?: Schema | boolean;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly allOf?: readonly Schema[];
  readonly minimum?: number;
  readonly maximum?: number;
}

/** Bodies by media type. */
export type Content = Readonly<Record<string, { readonly schema?: Schema }>>;

/** A parameter of an operation. */
export interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly required?: boolean;
  readonly description?: string;
  readonly schema?: Schema;
}

/** An answer, or where it stands. */
export interface ApiAnswer {
  readonly $ref?: string;
  readonly description?: string;
  readonly content?: Content;
}

/** One route. */
export interface Operation {
  readonly operationId: string;
  readonly summary?: string;
  readonly description?: string;
  readonly tags?: readonly string[];
  readonly "x-role": string;
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly required?: boolean; readonly content: Content };
  readonly responses: Readonly<Record<string, ApiAnswer>>;
}

/** The document, as far as the page shows it. */
export interface OpenapiDocument {
  readonly info: { readonly title: string; readonly version: string; readonly description?: string };
  readonly tags?: readonly { readonly name: string; readonly description?: string }[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: {
    readonly schemas?: Readonly<Record<string, Schema>>;
    readonly responses?: Readonly<Record<string, ApiAnswer>>;
  };
}

/** An operation and where it stands. */
export interface Route {
  readonly method: string;
  readonly path: string;
  readonly operation: Operation;
}

/** Asks for the document of all routes. */
export async function loadOpenapi(ask: Ask): Promise<Answer<OpenapiDocument>> {
  return await ask<OpenapiDocument>("/openapi.json");
}

/** The routes of each group, in the document's order; pages for people are left out. */
export function routesByTag({ tags = [], paths }: OpenapiDocument): Map<string, Route[]> {
  const groups = new Map<string, Route[]>(tags.map(({ name }) => [name, []]));
  for (const [path, methods] of Object.entries(paths)) {
    for (const [method, operation] of Object.entries(methods)) {
      groups.get(operation.tags?.[0] ?? "")?.push({ method: method.toUpperCase(), path, operation });
    }
  }
  groups.delete("Pages");
  return groups;
}

/** `#/components/schemas/Alert` → `Alert`. */
export function nameOf(ref: string): string {
  return ref.slice(ref.lastIndexOf("/") + 1);
}
