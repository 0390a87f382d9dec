import type { AlertEvent, Point, Refused, Rules } from "../model/mod.ts";
import { refusalText, rfc3339, shown } from "../model/mod.ts";
import { Keyring } from "../enrich/mod.ts";
import { River, Routes } from "../pipeline/mod.ts";
import { describeWindow } from "./describe_window.ts";

/** One step of a message's way. */
export interface Step {
  /** What the step is about, in the order of the way. */
  readonly step:
    | "subscription"
    | "device"
    | "decoded"
    | "field"
    | "time"
    | "refused"
    | "sampled"
    | "window"
    | "point"
    | "alert";
  /** Whether the message, or this part of it, goes on. */
  readonly goesOn: boolean;
  /** The sentence for people. */
  readonly text: string;
}

/** A message's whole way. */
export interface Explanation {
  /** The way in words; the first one is always the subscription. */
  readonly steps: readonly Step[];
  /** Points that it makes now, or that its window would make if it closed now. */
  readonly points: readonly Point[];
  /** What would go to the quarantine; empty: nothing. */
  readonly refused: readonly Refused[];
  /** Alerts that the message fires at once; dead-man rules are left out. */
  readonly alerts: readonly AlertEvent[];
}

/** Far enough for every window to be emitted for idleness, and for no dead-man that a rule could ask for. */
const LATER = 366 * 86_400_000;

/**
 * Shows one message's way step by step, through the very same stages as a live one, on a river of its own: what
 * it says holds for a device that nothing is known of yet.
 *
 * @param receivedAt wall clock, ms
 * @param keyring the keys of hashes, where the rules ask for some; what is personal is not shown here either
 * @throws {MissingKey} where a key is asked for that is not among them
 */
export function explain(
  rules: Rules,
  topic: string,
  payload: Uint8Array,
  receivedAt: number,
  keyring: Keyring = new Keyring(),
): Explanation {
  const steps: Step[] = [];
  const say = (step: Step["step"], goesOn: boolean, text: string): void =>
    void steps.push({ step, goesOn, text });
  const route = new Routes(rules, new Map(), keyring).routeOf(topic);
  if (route === undefined) {
    say(
      "subscription",
      false,
      `No subscription matches the topic "${shown(topic)}": the message would be filtered`,
    );
    return { steps, points: [], refused: [], alerts: [] };
  }
  const { subscription, profile } = route;
  say(
    "subscription",
    true,
    `"${subscription.topic}", profile ${profile.name}, format ${subscription.format}`,
  );
  if (route.device !== null) {
    const tags = route.tags.map(([name, value]) => `${name}=${value}`).join(" ");
    say("device", true, `${route.device}, measurement ${profile.measurement}, tags ${tags}`);
  }
  const decoded = route.decoder.decode(payload, rules.limits, { topic, receivedAt, elapsed: 0 });
  if (decoded.ok) {
    for (const each of decoded.records) {
      const json = route.redactor?.shown([each], route.field, receivedAt) ??
        JSON.stringify(each.values, bigints);
      const at = each.moment === undefined ? "" : ` at ${rfc3339(each.moment.ms)}`;
      say("decoded", true, `${clipped(json)}${at}`);
    }
  }

  const found = takeIn(rules, topic, payload, receivedAt, keyring);
  for (const stream of found.river.registry.streams) {
    for (const { series, unit, value, at } of stream.slots.values()) {
      if (value === undefined) continue;
      say(
        "field",
        true,
        `${series.field} = ${shown(value)}${unit === null ? "" : ` ${unit}`} at ${rfc3339(at)}`,
      );
    }
  }
  for (const { refusal } of found.refused) say("refused", false, refusalText(refusal));
  if (found.river.totals.sampled > 0 && profile.sample !== undefined) {
    const { keep, of } = profile.sample;
    say(
      "sampled",
      false,
      `sample ${keep}/${of} leaves this message out: it makes no point, alert rules see it all the same`,
    );
  }
  for (const window of found.windows) say("window", true, window);
  for (const point of found.points) say("point", true, pointText(point));
  for (const alert of found.alerts) {
    say("alert", true, `${alert.rule} (${alert.severity}) fires: ${alert.summary}`);
  }
  return { steps, points: found.points, refused: found.refused, alerts: found.alerts };
}

interface Found {
  readonly river: River;
  readonly points: Point[];
  readonly refused: Refused[];
  readonly alerts: AlertEvent[];
  readonly windows: string[];
}

function takeIn(
  rules: Rules,
  topic: string,
  payload: Uint8Array,
  receivedAt: number,
  keyring: Keyring,
): Found {
  // Dead-man rules say nothing about one message, and would fire when time is wound on below.
  const alerts = rules.alerts.filter((rule) => rule.condition.kind !== "silent");
  const river = new River({ ...rules, alerts }, [], keyring);
  const found: Found = { river, points: [], refused: [], alerts: [], windows: [] };
  const out = {
    point: (point: Point) => void found.points.push(point),
    refused: (refused: Refused) => void found.refused.push(refused),
    alert: (event: AlertEvent) => void found.alerts.push(event),
  };
  const message = {
    topic,
    payload,
    connection: 1,
    packetId: 0,
    dup: false,
    retain: false,
    userProperties: [],
  };
  const stamp = { receivedAt, elapsed: 0, implausible: false };
  river.step({ position: 1, stamp, content: { kind: "message", message } }, out);
  for (const stream of river.registry.streams) {
    for (const { series } of stream.slots.values()) {
      for (const window of series.windows.values()) found.windows.push(describeWindow(window));
    }
  }
  river.step({ position: 2, stamp: { ...stamp, elapsed: LATER }, content: { kind: "tick" } }, out);
  return found;
}

function pointText({ stream, fields, ms }: Point): string {
  const tags = stream.tags.map(([name, value]) => `${name}=${value}`).join(" ");
  const values = fields.map(({ name, value }) => `${name}=${shown(value)}`).join(" ");
  return `${stream.measurement} ${tags} ${values} at ${rfc3339(ms)}`;
}

function bigints(_key: string, value: unknown): unknown {
  return typeof value === "bigint" ? value.toString() : value;
}

function clipped(text: string | undefined): string {
  const whole = text ?? "nothing";
  return whole.length > 400 ? `${whole.slice(0, 399)}…` : whole;
}
