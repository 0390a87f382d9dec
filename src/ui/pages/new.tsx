import type { JSX } from "hono/jsx/jsx-runtime";
import { loadNew } from "../data/learned.ts";
import type { UiPage } from "../page.ts";
import { HowTo, LearnedProposals } from "../parts/learned_list.tsx";

/** Devices that nobody has configured: what they send, and what would take it in. */
export const newPage: UiPage = {
  name: "new",
  path: "/new",
  role: "viewer",
  summary: "Unknown devices: what they send, and a proposal to take it in",
  async load({ ask, viewer }, status) {
    const data = await loadNew(ask);
    const now = status?.now ?? "";
    const body: JSX.Element = (
      <div class="columns">
        <section class="panel" aria-labelledby="new-title">
          <h1 id="new-title">New devices</h1>
          <div id="learned">
            <LearnedProposals learned={data.learned} now={now} viewer={viewer} />
          </div>
        </section>
        <section class="panel" aria-labelledby="how-title">
          <h2 id="how-title">Point a device here</h2>
          <div id="how-to" class="stack">
            <HowTo learned={data.learned} />
          </div>
        </section>
      </div>
    );
    return { title: "New devices", body, data };
  },
};
