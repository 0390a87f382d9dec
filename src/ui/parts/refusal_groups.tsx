import type { JSX } from "hono/jsx/jsx-runtime";
import type { Answer, QuarantineGroup, QuarantineGroups, Viewer } from "../../api/mod.ts";
import { addressOf, type QuarantineFilter } from "../data/quarantine.ts";
import { may } from "./role.ts";
import { Unavailable } from "./unavailable.tsx";
import { ago, number, plural } from "./words.ts";

/** Refusals by reason, device and field, most first; each group can be looked at, run again, deleted. */
export function RefusalGroupList(
  { groups, filter, now, viewer }: {
    groups: Answer<QuarantineGroups>;
    filter: QuarantineFilter;
    now: string;
    viewer: Viewer | null;
  },
): JSX.Element | null {
  if (!groups.ok) return <Unavailable answer={groups} what="Groups of refusals" />;
  const { items, scanned, complete } = groups.value;
  if (items.length === 0) {
    return (
      <p class="quiet">
        Nothing is in quarantine. What a profile refuses is kept here with its reason and its payload.
      </p>
    );
  }
  return (
    <>
      <ul class="groups acting">
        {items.map((group) => (
          <li
            key={`${group.reason} ${group.device} ${group.field}`}
            aria-current={isHere(group, filter) ? "true" : undefined}
          >
            <a href={addressOf(filterFor(group))}>
              {group.explanation}
              <small>{group.device ?? "unknown device"}, last {ago(now, group.last_at)}</small>
            </a>
            <b>{number(group.entries)}</b>
            {may(viewer, "operator") ? <GroupActs group={group} /> : null}
          </li>
        ))}
      </ul>
      {complete
        ? null
        : <p class="quiet">Only the newest {plural(scanned, "entry", "entries")} were looked at.</p>}
    </>
  );
}

function GroupActs({ group }: { group: QuarantineGroup }): JSX.Element {
  const { reason, device } = group;
  const about = { "data-reason": reason, ...(device === null ? {} : { "data-device": device }) };
  return (
    <details class="menu">
      <summary>Act…</summary>
      <div>
        <p class="quiet">
          On all refusals “{reason.replaceAll("_", " ")}”
          {device === null ? "" : ` of ${device}`}. A replay puts them through the rules in force now.
        </p>
        <button type="button" data-do="try" {...about}>Try, change nothing</button>
        <button type="button" class="main" data-do="replay" {...about}>Replay</button>
        <button type="button" data-do="delete" {...about}>Delete for good</button>
      </div>
    </details>
  );
}

function filterFor({ reason, device }: QuarantineGroup): QuarantineFilter {
  return { reason, ...(device === null ? {} : { device }) };
}

function isHere({ reason, device }: QuarantineGroup, filter: QuarantineFilter): boolean {
  return filter.reason === reason && (filter.device ?? null) === device;
}
