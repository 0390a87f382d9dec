import type { JSX } from "hono/jsx/jsx-runtime";
import { loadRules } from "../data/rules.ts";
import type { UiPage } from "../page.ts";
import { may } from "../parts/role.ts";
import { RulesInForce } from "../parts/rule_list.tsx";

/** What stands in the field before anyone has typed. */
const SAMPLE = `name: too-hot
field: temperature
above: 30
clear: 28
for: 1m
severity: warning
`;

/** Alert rules, and a place to try one on what was measured. */
export const rulesPage: UiPage = {
  name: "rules",
  path: "/rules",
  role: "viewer",
  summary: "Alert rules; one tried on local history",
  async load({ ask, viewer }) {
    const data = await loadRules(ask);
    const body: JSX.Element = (
      <>
        <section class="panel" aria-labelledby="rules-title">
          <h1 id="rules-title">Rules</h1>
          <div id="rules" class="scroll">
            <RulesInForce rules={data.rules} />
          </div>
        </section>
        <section class="panel" aria-labelledby="try-title">
          <h2 id="try-title">Try a rule on what was measured</h2>
          {may(viewer, "operator")
            ? <TryForm />
            : <p class="quiet">Trying a rule needs the role operator.</p>}
          <div id="trial"></div>
        </section>
      </>
    );
    return { title: "Rules", body, data };
  },
};

function TryForm(): JSX.Element {
  return (
    <form id="try-form" class="stack">
      <p class="lede">
        A rule as it stands under{" "}
        <code>alerts:</code>. Nobody is told and nothing is changed: it is run over local history, and shows
        when it would have fired.
      </p>
      <label>
        <span class="unseen">The rule, as YAML</span>
        <textarea name="rule" rows={9} spellcheck={false} required>{SAMPLE}</textarea>
      </label>
      <div class="row">
        <label>
          over the last{" "}
          <select name="hours">
            <option value="1">hour</option>
            <option value="24" selected>day</option>
            <option value="168">7 days</option>
            <option value="720">30 days</option>
          </select>
        </label>
        <button type="submit" class="main">Try it</button>
      </div>
    </form>
  );
}
