import type { JSX } from "hono/jsx/jsx-runtime";
import { loadOpenapi, type OpenapiDocument, type Route, routesByTag } from "../docs/openapi.ts";
import { OperationEntry, Prose, SharedAnswers } from "../docs/operation.tsx";
import { SchemaEntry } from "../docs/schemas.tsx";
import type { UiPage } from "../page.ts";
import { unavailableWords } from "../parts/unavailable.tsx";

/** Everything that programs may ask, from the same document that they read. */
export const docsPage: UiPage = {
  name: "docs",
  path: "/docs",
  role: "viewer",
  summary: "The API for people: every route, who may, what it takes and answers",
  async load({ ask, open }) {
    const document = await loadOpenapi(ask);
    if (!document.ok) {
      const words = unavailableWords(document.status, document.detail, "The API's description");
      return {
        title: "API",
        body: (
          <section class="panel">
            <h1>API</h1>
            <p>{words}</p>
          </section>
        ),
        data: null,
      };
    }
    return { title: "API", body: <Reference document={document.value} open={open} />, data: null };
  },
};

function Reference({ document, open }: { document: OpenapiDocument; open: boolean }): JSX.Element {
  const groups = [...routesByTag(document)];
  const schemas = Object.entries(document.components.schemas ?? {}).sort(([a], [b]) => a < b ? -1 : 1);
  const about = new Map((document.tags ?? []).map(({ name, description }) => [name, description ?? ""]));
  return (
    <div class="docs">
      <section class="panel">
        <h1>API</h1>
        <About text={document.info.description ?? ""} />
        <p>
          Programs read <a href="/openapi.json">/openapi.json</a>. In the calls below <code>$SLUICE</code>
          {" "}
          is the address of this gateway and <code>$TOKEN</code> a token that <code>deno task token</code>
          {" "}
          has made.
        </p>
        <nav aria-label="Routes" class="routes">
          {groups.map(([name, routes]) => <RouteList key={name} name={name} routes={routes} />)}
        </nav>
      </section>
      {groups.map(([name, routes]) => (
        <section class="panel" aria-labelledby={`tag-${name}`}>
          <h2 id={`tag-${name}`}>{name}</h2>
          <p class="lede">{about.get(name)}</p>
          {routes.map((route) => (
            <OperationEntry key={route.operation.operationId} route={route} document={document} open={open} />
          ))}
        </section>
      ))}
      <section class="panel" aria-labelledby="problems">
        <h2 id="problems">Problems</h2>
        <p>
          Each is a <a href="#schema-Problem">Problem</a> of the media type{" "}
          <code>application/problem+json</code>.
        </p>
        <SharedAnswers document={document} />
      </section>
      <section class="panel" aria-labelledby="schemas">
        <h2 id="schemas">What is sent and answered</h2>
        {schemas.map(([name, schema]) => <SchemaEntry key={name} name={name} schema={schema} />)}
      </section>
    </div>
  );
}

function RouteList({ name, routes }: { name: string; routes: readonly Route[] }): JSX.Element {
  return (
    <div>
      <h2>
        <a href={`#tag-${name}`}>{name}</a>
      </h2>
      <ul>
        {routes.map(({ method, path, operation }) => (
          <li>
            <a href={`#${operation.operationId}`}>
              <span class="method">{method}</span> <code>{path}</code>
            </a>
          </li>
        ))}
      </ul>
    </div>
  );
}

/** Paragraphs, and lists whose lines begin with a dash. */
function About({ text }: { text: string }): JSX.Element {
  return (
    <>
      {text.split("\n\n").map((part) =>
        part.startsWith("- ")
          ? (
            <ul>
              {part.split("\n").map((line) => (
                <li>
                  <Prose text={line.slice(2)} />
                </li>
              ))}
            </ul>
          )
          : (
            <p>
              <Prose text={part} />
            </p>
          )
      )}
    </>
  );
}
