import { takeOver } from "../downsample/mod.ts";
import type { Rules, Stamp } from "../model/mod.ts";
import type { River, RiverOutput } from "./river.ts";
import { Routes } from "./routes.ts";
import { slotKey, type Stream } from "./state.ts";

/** Puts other rules in force: windows take over at a common boundary, alerts of removed rules resolve. */
export function takeRules(river: River, rules: Rules, stamp: Stamp, out: RiverOutput): void {
  river.rules = rules;
  river.routes = new Routes(rules, river.kept, river.keyring, river.memory);
  river.downsampler.limit = rules.limits.windows;
  river.twins.depth = rules.receiveMaximum;
  river.alerts.replaceRules(rules.alerts, stamp.receivedAt, (event) => out.alert(event));
  for (const stream of river.registry.streams) rewire(river, stream, stamp);
}

/** Hands a stream the definitions and watchers of the rules in force. */
function rewire(river: River, stream: Stream, stamp: Stamp): void {
  const { rules, alerts, plans } = river;
  const { identity } = stream.windows;
  stream.byIndex = [];
  stream.deadmen = alerts.deadmenFor(identity, stream.topic);
  for (const deadman of stream.deadmen) {
    const due = deadman.watch(stamp.elapsed);
    if (due !== undefined) river.schedule(due, deadman.index);
  }
  const profile = rules.profiles[identity.profile];
  for (const slot of stream.slots.values()) {
    const { field, type } = slot.series;
    const rule = profile?.fields.find((each) =>
      each.tag !== true && slotKey(each.name, each.type) === slotKey(field, type)
    );
    if (rule !== undefined && profile?.measurement === identity.measurement) {
      slot.unit = rule.unit;
      takeOver(plans, slot.series, rule.downsample);
    }
    slot.watchers = alerts.watchersFor(identity, stream.topic, field, slot.unit);
  }
}
