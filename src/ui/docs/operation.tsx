import type { JSX } from "hono/jsx/jsx-runtime";
import { type Content, nameOf, type OpenapiDocument, type Route } from "./openapi.ts";
import { curlOf } from "./sample.ts";
import { FactsOf, TypeOf } from "./schemas.tsx";

/** What an operation is shown with. */
interface OperationProps {
  readonly route: Route;
  readonly document: OpenapiDocument;
  /** Nobody needs a token here. */
  readonly open: boolean;
}

/** One route: what it is for, who may, what it takes, what it answers, and a call of it. */
export function OperationEntry({ route, document, open }: OperationProps): JSX.Element {
  const { method, path, operation } = route;
  const { operationId, summary, description, requestBody, responses } = operation;
  return (
    <article id={operationId} class="operation" aria-labelledby={`${operationId}-title`}>
      <h3 id={`${operationId}-title`}>
        <a href={`#${operationId}`}>
          <span class="method">{method}</span> <code>{path}</code>
        </a>
        <span class="role">{operation["x-role"] === "none" ? "anyone" : operation["x-role"]}</span>
      </h3>
      <p class="lede">{summary}</p>
      {description === undefined || description.startsWith(`${summary}.`) ? null : (
        <p>
          <Prose text={description} />
        </p>
      )}
      <Parameters operation={operation} />
      {requestBody === undefined ? null : (
        <p>
          Body{requestBody.required === true ? "" : ", may be left out"}:{" "}
          <Bodies content={requestBody.content} />
        </p>
      )}
      <Answers answers={responses} />
      <pre
        tabindex={0}
        aria-label={`A call of ${method} ${path}`}
      ><code>{curlOf(route, document, open)}</code></pre>
    </article>
  );
}

function Parameters(
  { operation: { parameters = [] } }: { operation: Route["operation"] },
): JSX.Element | null {
  if (parameters.length === 0) return null;
  return (
    <div class="scroll" tabindex={0}>
      <table class="reference">
        <thead>
          <tr>
            <th scope="col">Parameter</th>
            <th scope="col">Type</th>
            <th scope="col">What it is</th>
          </tr>
        </thead>
        <tbody>
          {parameters.map(({ name, in: place, required, schema, description }) => (
            <tr>
              <th scope="row">
                <code>{name}</code> <small>{required === true ? `${place}, required` : place}</small>
              </th>
              <td>
                <TypeOf schema={schema} />
                <FactsOf schema={schema} />
              </td>
              <td>
                <Prose text={description ?? ""} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** What it answers in a table; the problems that many routes share in one line. */
function Answers({ answers }: { answers: Route["operation"]["responses"] }): JSX.Element {
  const all = Object.entries(answers);
  const shared = all.filter(([, { $ref }]) => $ref !== undefined);
  return (
    <div class="scroll" tabindex={0}>
      <table class="reference">
        <thead>
          <tr>
            <th scope="col">Answer</th>
            <th scope="col">Type</th>
            <th scope="col">What it is</th>
          </tr>
        </thead>
        <tbody>
          {all.filter(([, { $ref }]) => $ref === undefined).map(([status, { description, content }]) => (
            <tr>
              <th scope="row">{status}</th>
              <td>{content === undefined ? "nothing" : <Bodies content={content} />}</td>
              <td>
                <Prose text={description ?? ""} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <p class="problems">
        Else a problem:{shared.map(([status, { $ref = "" }]) => (
          <a key={status} href={`#answer-${nameOf($ref)}`}>{status === "default" ? "any other" : status}</a>
        ))}
      </p>
    </div>
  );
}

function Bodies({ content }: { content: Content }): JSX.Element {
  const bodies = Object.entries(content).map(([type, { schema }]) => (
    <span key={type}>
      {schema?.type === "string" ? null : <TypeOf schema={schema} />}
      {type === "application/json" ? null : <small>{` ${type}`}</small>}
    </span>
  ));
  return <span>{bodies.flatMap((one, index) => index === 0 ? [one] : [" or ", one])}</span>;
}

/** The problems that many routes share. */
export function SharedAnswers({ document }: { document: OpenapiDocument }): JSX.Element {
  return (
    <dl class="answers">
      {Object.entries(document.components.responses ?? {}).map(([name, { description }]) => (
        <div key={name} id={`answer-${name}`}>
          <dt>
            {name.replaceAll(/(?<=[a-z])[A-Z]/g, (letter) =>
              ` ${letter.toLowerCase()}`)}
          </dt>
          <dd>
            <Prose text={description ?? ""} />
          </dd>
        </div>
      ))}
    </dl>
  );
}

/** A text in which `words` between backquotes are code. */
export function Prose({ text }: { text: string }): JSX.Element {
  return (
    <span>
      {text.split("`").map((part, index) => index % 2 === 0 ? part : <code key={index}>{part}</code>)}
    </span>
  );
}
