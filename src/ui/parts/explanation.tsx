import type { JSX } from "hono/jsx/jsx-runtime";
import type { ExplainAnswer } from "../../api/mod.ts";

/** The way of one message or reading, step by step. */
export function ExplanationSteps({ explanation }: { explanation: ExplainAnswer }): JSX.Element {
  const { steps, points, alerts } = explanation;
  return (
    <>
      <ol class="steps">
        {steps.map(({ step, outcome, title, text, facts }) => (
          <li key={`${step} ${title}`} class={outcome === "refused" ? "look" : undefined}>
            <b>{title}</b>
            <span>{text}</span>
            {Object.keys(facts).length === 0 ? null : (
              <dl>
                {Object.entries(facts).map(([name, value]) => (
                  <>
                    <dt key={`${name}-name`}>{name}</dt>
                    <dd key={`${name}-value`} class="code">{value}</dd>
                  </>
                ))}
              </dl>
            )}
          </li>
        ))}
      </ol>
      <Lines title="Points that it makes" lines={points} />
      <Lines title="Alerts that it trips" lines={alerts} />
    </>
  );
}

/** A short list of lines as they are, under a heading; nothing where there are none. */
export function Lines({ title, lines }: { title: string; lines: readonly string[] }): JSX.Element | null {
  if (lines.length === 0) return null;
  return (
    <>
      <h3>{title}</h3>
      <pre>{lines.join("\n")}</pre>
    </>
  );
}
