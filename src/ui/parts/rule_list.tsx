import type { JSX } from "hono/jsx/jsx-runtime";
import type { Answer, Rule, RuleList } from "../../api/mod.ts";
import { ruleYaml } from "./rule_yaml.ts";
import { Unavailable } from "./unavailable.tsx";
import { duration } from "./words.ts";

/** The rules in force, in the words of their conditions. */
export function RulesInForce({ rules }: { rules: Answer<RuleList> }): JSX.Element | null {
  if (!rules.ok) return <Unavailable answer={rules} what="Rules" />;
  const { items } = rules.value;
  if (items.length === 0) {
    return (
      <p class="quiet">
        No rule is configured. Write one below, try it on what was measured, and put it under{" "}
        <code>alerts:</code> in the configuration.
      </p>
    );
  }
  return (
    <table class="told">
      <thead>
        <tr>
          <th scope="col">rule</th>
          <th scope="col">fires when</th>
          <th scope="col" class="wide">of</th>
          <th scope="col" class="wide">told to</th>
          <th scope="col" class="n">firing</th>
          <th scope="col">
            <span class="unseen">Try</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {items.map((rule) => (
          <tr key={rule.name} id={`rule-${rule.name}`}>
            <th scope="row" class="code">{rule.name}</th>
            <td>
              {conditionWords(rule)}
              <small>
                {rule.severity}
                {rule.for_seconds > 0 ? `, for ${duration(rule.for_seconds)}` : ""}
              </small>
            </td>
            <td class="wide">{scopeWords(rule)}</td>
            <td class="wide">{rule.notify.length === 0 ? "nobody" : rule.notify.join(", ")}</td>
            <td class={rule.firing > 0 ? "n look" : "n"}>{rule.firing}</td>
            <td class="n">
              <button type="button" data-do="take" data-rule={ruleYaml(rule)}>Try…</button>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** The condition as a sentence's end. */
export function conditionWords({ field, condition }: Pick<Rule, "field" | "condition">): string {
  const about = field ?? "a device";
  switch (condition.kind) {
    case "above":
    case "below":
      return `${about} is ${condition.kind} ${condition.limit}, until ${condition.clear}`;
    case "outside":
    case "inside":
      return `${about} is ${condition.kind} ${condition.low} … ${condition.high}`;
    case "equals":
      return `${about} is ${condition.value}`;
    case "not_equals":
      return `${about} is not ${condition.value}`;
    case "rate_above":
    case "rate_below":
      return `${about} changes by ${
        condition.kind === "rate_above" ? "more" : "less"
      } than ${condition.limit} in ${duration(condition.per_seconds)}`;
    case "unchanged":
      return `${about} has not changed for ${duration(condition.unchanged_for_seconds)}`;
    case "silent":
      return `a device is silent for ${duration(condition.silent_for_seconds)}`;
  }
}

function scopeWords({ profile, device, topic, tags }: Rule): string {
  const parts = [
    ...(profile === null ? [] : [`profile ${profile}`]),
    ...(device === null ? [] : [`device ${device}`]),
    ...(topic === null ? [] : [`topic ${topic}`]),
    ...Object.entries(tags).map(([name, value]) => `${name} ${value}`),
  ];
  return parts.length === 0 ? "all devices" : parts.join(", ");
}
