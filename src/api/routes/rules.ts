import type { AlertCondition, AlertRule } from "../../model/mod.ts";
import type { App } from "../app.ts";
import { declare } from "../route.ts";
import { type Rule, type RuleCondition, RuleListSchema } from "../schemas/rules.ts";
import type { GatewayViews } from "../views.ts";

const list = declare("viewer", {
  method: "get",
  path: "/api/v1/rules",
  summary: "The alert rules in force",
  responses: {
    200: {
      description: "Rules in the configuration's order",
      content: { "application/json": { schema: RuleListSchema } },
    },
  },
});

/** Adds `/api/v1/rules`. */
export function ruleRoutes(app: App, views: Pick<GatewayViews, "rules">): void {
  app.openapi(list, (c) => {
    return c.json({ items: views.rules.rules().map(({ rule, firing }) => ruleAnswer(rule, firing)) }, 200);
  });
}

function ruleAnswer(rule: AlertRule, firing: number): Rule {
  return {
    name: rule.name,
    profile: rule.profile,
    device: rule.device,
    topic: rule.topic,
    tags: rule.tags,
    field: rule.field,
    condition: conditionAnswer(rule.condition),
    for_seconds: rule.for / 1_000,
    severity: rule.severity,
    notify: rule.notify,
    summary: rule.summary,
    firing,
  };
}

function conditionAnswer(condition: AlertCondition): RuleCondition {
  switch (condition.kind) {
    case "rate_above":
    case "rate_below":
      return { kind: condition.kind, limit: condition.limit, per_seconds: condition.per / 1_000 };
    case "unchanged":
      return { kind: "unchanged", unchanged_for_seconds: condition.unchangedFor / 1_000 };
    case "silent":
      return { kind: "silent", silent_for_seconds: condition.silentFor / 1_000 };
    default:
      return condition;
  }
}
