import type { JSX } from "hono/jsx/jsx-runtime";
import type { NotifierAnswer } from "../../api/mod.ts";
import { age, number } from "./words.ts";

/** Channels that fail: people may not have heard of the alerts. Nothing where all are well. */
export function NotifiersPanel(
  { notifiers, now }: { notifiers: readonly NotifierAnswer[]; now: string },
): JSX.Element | null {
  const failing = notifiers.filter((notifier) => notifier.last_error !== null);
  if (failing.length === 0) return null;
  return (
    <section class="panel" aria-labelledby="notifiers-title">
      <h2 id="notifiers-title">People are not told</h2>
      {failing.map(({ name, kind, pending, lost, last_error }) => (
        <div class="entry look" key={name}>
          <b>
            {name} ({kind}): {number(pending)} waiting{lost === 0 ? "" : `, ${number(lost)} lost`}
          </b>
          <p>{last_error === null ? "" : `${last_error.text}, ${age(now, last_error.at)} ago`}</p>
        </div>
      ))}
    </section>
  );
}
