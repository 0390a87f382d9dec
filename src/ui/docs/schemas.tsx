import type { JSX } from "hono/jsx/jsx-runtime";
import { nameOf, type Schema } from "./openapi.ts";

/** What a schema allows, in words; another schema is a link to it. */
export function TypeOf({ schema }: { schema: Schema | undefined }): JSX.Element {
  if (schema === undefined) return <span>anything</span>;
  const { $ref, enum: allowed } = schema;
  if ($ref !== undefined) return <a href={`#schema-${nameOf($ref)}`}>{nameOf($ref)}</a>;
  if (schema.const !== undefined) return <code>{JSON.stringify(schema.const)}</code>;
  const choices = schema.anyOf ?? schema.oneOf ?? schema.allOf;
  if (allowed !== undefined) {
    return <Choice of={allowed.map((one) => <code key={String(one)}>{String(one)}</code>)} />;
  }
  if (choices !== undefined) {
    return <Choice of={choices.map((one, index) => <TypeOf key={index} schema={one} />)} />;
  }
  const types = typeof schema.type === "string" ? [schema.type] : schema.type ?? ["anything"];
  return <Choice of={types.map((type) => <Plain key={type} type={type} schema={schema} />)} />;
}

function Choice({ of }: { of: readonly JSX.Element[] }): JSX.Element {
  return <span>{of.flatMap((one, index) => index === 0 ? [one] : [" or ", one])}</span>;
}

function Plain({ type, schema }: { type: string; schema: Schema }): JSX.Element {
  const { items, additionalProperties } = schema;
  if (type === "array") {
    return <span>list of {items === undefined ? "anything" : <TypeOf schema={items} />}</span>;
  }
  if (type === "object" && typeof additionalProperties === "object") {
    return (
      <span>
        names with <TypeOf schema={additionalProperties} />
      </span>
    );
  }
  return <span>{type}</span>;
}

/** What else there is to know of a value. */
export function FactsOf({ schema }: { schema: Schema | undefined }): JSX.Element | null {
  const { minimum, maximum, default: given, format } = schema ?? {};
  const facts = [
    ...(format === undefined ? [] : [format]),
    ...(minimum === undefined || minimum <= Number.MIN_SAFE_INTEGER ? [] : [`from ${minimum}`]),
    ...(maximum === undefined || maximum >= Number.MAX_SAFE_INTEGER ? [] : [`to ${maximum}`]),
    ...(given === undefined ? [] : [`default ${JSON.stringify(given)}`]),
  ];
  return facts.length === 0 ? null : <small>{` ${facts.join(", ")}`}</small>;
}

/** One schema with its fields. */
export function SchemaEntry({ name, schema }: { name: string; schema: Schema }): JSX.Element {
  const fields = Object.entries(schema.properties ?? {});
  const required = new Set(schema.required);
  return (
    <article id={`schema-${name}`} class="operation">
      <h3>
        <a href={`#schema-${name}`}>{name}</a>
      </h3>
      {schema.description === undefined ? null : <p>{schema.description}</p>}
      {fields.length === 0
        ? (
          <p>
            <TypeOf schema={schema} />
          </p>
        )
        : (
          <div class="scroll" tabindex={0}>
            <table class="reference">
              <thead>
                <tr>
                  <th scope="col">Field</th>
                  <th scope="col">Type</th>
                  <th scope="col">What it is</th>
                </tr>
              </thead>
              <tbody>
                {fields.map(([field, one]) => (
                  <tr>
                    <th scope="row">
                      <code>{field}</code>
                      {required.has(field) ? null : <small>, optional</small>}
                    </th>
                    <td>
                      <TypeOf schema={one} />
                      <FactsOf schema={one} />
                    </td>
                    <td>{one.description ?? ""}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )}
    </article>
  );
}
