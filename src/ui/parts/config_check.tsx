import type { JSX } from "hono/jsx/jsx-runtime";
import type { ConfigChange, ConfigFault, ConfigValidation } from "../../api/mod.ts";
import { plural } from "./words.ts";

/** What the file on disk would change, or what is wrong with it. */
export function ConfigCheck({ validation }: { validation: ConfigValidation }): JSX.Element {
  const { valid, problems, warnings, differences } = validation;
  if (!valid) {
    return (
      <section class="result" aria-label="What is wrong with the file">
        <p class="look">
          <b>The file cannot be put in force: {plural(problems.length, "problem")}.</b>{" "}
          What is in force stays.
        </p>
        <Faults faults={problems} />
      </section>
    );
  }
  const restart = differences.filter(({ effect }) => effect === "restart").length;
  return (
    <section class="result" aria-label="What the file would change">
      <Faults faults={warnings} />
      {differences.length === 0 ? <p>The file says what is in force already.</p> : (
        <>
          <p>
            {plural(differences.length, "difference")} to what is in force
            {restart === 0 ? "." : `; ${plural(restart, "one takes", "take")} effect at the next start only.`}
          </p>
          <div class="scroll" tabindex={0}>
            <Changes changes={differences} />
          </div>
          <button type="button" class="main" data-do="reload">Put it in force</button>
        </>
      )}
    </section>
  );
}

function Faults({ faults }: { faults: readonly ConfigFault[] }): JSX.Element | null {
  if (faults.length === 0) return null;
  return (
    <ul class="notes">
      {faults.map(({ file, line, column, message }) => (
        <li key={`${file}:${line}:${column}`}>
          <span class="code">{file}:{line}:{column}</span> {message}
        </li>
      ))}
    </ul>
  );
}

/** Old beside new, path by path. */
export function Changes({ changes }: { changes: readonly ConfigChange[] }): JSX.Element {
  return (
    <table class="changes">
      <thead>
        <tr>
          <th scope="col">what</th>
          <th scope="col">in force</th>
          <th scope="col">in the file</th>
          <th scope="col">takes effect</th>
        </tr>
      </thead>
      <tbody>
        {changes.map(({ path, before, after, effect }) => (
          <tr key={path}>
            <th scope="row" class="code">{path}</th>
            <td class="code">{before ?? "–"}</td>
            <td class="code">{after ?? "–"}</td>
            <td class={effect === "restart" ? "look" : undefined}>
              {effect === "restart" ? "at the next start" : "at once"}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
