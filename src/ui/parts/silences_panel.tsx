import type { JSX } from "hono/jsx/jsx-runtime";
import type { Answer, Page, Silence, Viewer } from "../../api/mod.ts";
import { may } from "./role.ts";
import { Unavailable } from "./unavailable.tsx";
import { moment } from "./words.ts";

/** What nobody is told of for a while, and how to end it. */
export function SilenceList(
  { silences, now, viewer }: { silences: Answer<Page<Silence>>; now: string; viewer: Viewer | null },
): JSX.Element {
  if (!silences.ok) return <Unavailable answer={silences} what="Silences" />;
  const { items } = silences.value;
  if (items.length === 0) return <p class="quiet">Nothing is silenced.</p>;
  return (
    <ul class="groups">
      {items.map((silence) => (
        <li key={silence.id}>
          <span>
            {target(silence)}
            <small>
              until {moment(now, silence.until)} by {silence.by}
              {silence.reason === null ? "" : `: ${silence.reason}`}
            </small>
          </span>
          <span></span>
          {may(viewer, "operator")
            ? <button type="button" data-do="unsilence" data-id={silence.id}>End</button>
            : null}
        </li>
      ))}
    </ul>
  );
}

function target({ rule, device }: Silence): string {
  const rules = rule === null ? "every rule" : `rule ${rule}`;
  return device === null ? `${rules}, every device` : `${rules} on ${device}`;
}

/** Silences what has not happened yet: a rule, some devices, or both. */
export function SilenceForm(): JSX.Element {
  return (
    <details class="menu">
      <summary>New silence…</summary>
      <form id="silence-form" class="stack">
        <label>
          rule <input type="text" name="rule" autocomplete="off" />
        </label>
        <label>
          device (* for any part) <input type="text" name="device" autocomplete="off" />
        </label>
        <label>
          for{" "}
          <select name="minutes">
            <option value="60">1 hour</option>
            <option value="480">8 hours</option>
            <option value="1440">1 day</option>
            <option value="10080">7 days</option>
          </select>
        </label>
        <label>
          reason <input type="text" name="reason" maxlength={500} autocomplete="off" />
        </label>
        <button type="submit" class="main">Silence</button>
      </form>
    </details>
  );
}
