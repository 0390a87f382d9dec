import type { JSX } from "hono/jsx/jsx-runtime";
import type { QuarantineReplay } from "../../api/mod.ts";
import { Lines } from "./explanation.tsx";
import { plural } from "./words.ts";

/** What a replay did, or would do. */
export function ReplayResult({ answer }: { answer: QuarantineReplay }): JSX.Element {
  const { dry_run: dry, entries, accepted, refused, items } = answer;
  const notes = items.filter(({ outcome }) => outcome !== "accepted");
  return (
    <section class="result" aria-label="Replay">
      <h3>{dry ? "If it were replayed now" : "Replayed"}</h3>
      <p>
        Of {plural(entries, "entry", "entries")} {dry ? "the rules in force would take" : "the rules took"}
        {" "}
        <b>{accepted}</b> and {dry ? "refuse" : "refused"}{" "}
        <b class={refused > 0 ? "look" : undefined}>{refused}</b>
        {dry ? ". Nothing was changed." : "."}
      </p>
      {notes.length === 0 ? null : (
        <ul class="notes">
          {notes.map(({ id, outcome, explanation }) => (
            <li key={id}>{id}: {explanation ?? outcome.replaceAll("_", " ")}</li>
          ))}
        </ul>
      )}
      <Lines title="Points" lines={items.flatMap(({ points }) => points)} />
      <Lines title="Alerts" lines={items.flatMap(({ alerts }) => alerts)} />
    </section>
  );
}
