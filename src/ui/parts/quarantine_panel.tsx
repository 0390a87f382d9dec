import type { JSX } from "hono/jsx/jsx-runtime";
import type { Answer, QuarantineGroup, QuarantineGroups, Status } from "../../api/mod.ts";
import { Unavailable } from "./unavailable.tsx";
import { age, number, plural } from "./words.ts";

/** Groups on the first page; the rest is a click away. */
const MOST = 6;

/** What was refused, by reason and device: most first. */
export function QuarantinePanel(
  { groups, status }: { groups: Answer<QuarantineGroups>; status: Status },
): JSX.Element {
  const items = groups.ok ? groups.value.items : [];
  const { entries } = status.quarantine;
  return (
    <section class="panel" aria-labelledby="quarantine-title">
      <div class="heading">
        <h2 id="quarantine-title">Quarantine</h2>
        {entries === 0 ? null : <a href="/quarantine">{plural(entries, "refusal")} in all</a>}
      </div>
      {entries === 0
        ? <p class="quiet">Nothing was refused.</p>
        : <Unavailable answer={groups} what="Groups of refusals" />}
      {items.length === 0 ? null : (
        <ul class="groups">
          {items.slice(0, MOST).map((group) => (
            <Group key={`${group.reason} ${group.device} ${group.field}`} group={group} now={status.now} />
          ))}
        </ul>
      )}
    </section>
  );
}

function Group({ group, now }: { group: QuarantineGroup; now: string }): JSX.Element {
  const { device, explanation, entries, last_at, last_id } = group;
  return (
    <li>
      <span>
        <span class="clamped" title={explanation}>{explanation}</span>
        <small>{device ?? "unknown device"}, last {age(now, last_at)} ago</small>
      </span>
      <b>{number(entries)}</b>
      <a class="button" href={`/quarantine?id=${last_id}`}>Explain</a>
    </li>
  );
}
