import type { JSX } from "hono/jsx/jsx-runtime";
import { addressOf, filterOf, loadQuarantine, type QuarantineFilter } from "../data/quarantine.ts";
import type { UiPage } from "../page.ts";
import { RefusalEntry } from "../parts/refusal_entry.tsx";
import { RefusalGroupList } from "../parts/refusal_groups.tsx";
import { RefusalList } from "../parts/refusal_list.tsx";

/** What was refused: why, its payload, what it would be under the rules of now. */
export const quarantinePage: UiPage = {
  name: "quarantine",
  path: "/quarantine",
  role: "viewer",
  summary: "What was refused, why, and how to run it again",
  async load({ ask, query, viewer }, status) {
    const data = await loadQuarantine(ask, filterOf(query));
    const { filter } = data;
    const now = status?.now ?? "";
    const body: JSX.Element = (
      <>
        <div class="columns">
          <div class="side">
            <section class="panel" aria-labelledby="groups-title">
              <h1 id="groups-title">Quarantine</h1>
              <div id="groups">
                <RefusalGroupList groups={data.groups} filter={filter} now={now} viewer={viewer} />
              </div>
              <div id="replayed"></div>
            </section>
            <section class="panel" aria-labelledby="entries-title">
              <div class="heading">
                <h2 id="entries-title">{entriesTitle(filter)}</h2>
                {filter.reason === undefined && filter.device === undefined
                  ? null
                  : <a href={addressOf({})}>All refusals</a>}
              </div>
              <div id="entries" class="scroll">
                <RefusalList entries={data.entries} filter={filter} now={now} />
              </div>
            </section>
          </div>
          <section
            class={data.entry === undefined ? "panel" : "panel chosen"}
            id="entry"
            aria-label="One entry"
          >
            {data.entry === undefined
              ? (
                <p class="quiet">
                  Choose an entry to see its payload, why it was refused, and what it would be under the rules
                  in force now.
                </p>
              )
              : <RefusalEntry entry={data.entry} now={now} viewer={viewer} />}
          </section>
        </div>
      </>
    );
    return { title: "Quarantine", body, data };
  },
};

function entriesTitle({ reason, device }: QuarantineFilter): string {
  if (reason === undefined && device === undefined) return "Newest refusals";
  return `${reason === undefined ? "Refusals" : `“${reason.replaceAll("_", " ")}”`}${
    device === undefined ? "" : ` of ${device}`
  }`;
}
