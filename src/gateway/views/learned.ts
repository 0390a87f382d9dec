import type { HowTo, LearnedKind, LearnedView } from "../../api/mod.ts";
import type { GatewayConfig } from "../../config/mod.ts";
import type { Learned } from "../../learn/mod.ts";
import { rfc3339 } from "../../model/mod.ts";
import type { Parts } from "../parts.ts";
import { pageAfter } from "./page.ts";

/** What no subscription takes, and the way to take it. */
export function learnedView(parts: Parts): LearnedView {
  return {
    learned: (query) => pageAfter(parts.learning.learned().map(shown), ({ id }) => id, query),
    howTo: () => howTo(parts.config),
    async accept(id, wish, { name, ...actor }): ReturnType<LearnedView["accept"]> {
      const learned = parts.learning.learned().find((one) => one.id === id);
      if (learned === undefined) return { kind: "unknown" };
      const profileYaml = wish.profileYaml ?? learned.profileYaml;
      const subscriptionYaml = wish.subscriptionYaml ?? learned.subscriptionYaml;
      if (profileYaml === "" || subscriptionYaml === "") return { kind: "not_proposed" };
      const result = await parts.acceptance.accept({ profileYaml, subscriptionYaml }, {
        actor: name,
        ...actor,
      });
      if (result.kind === "accepted") parts.live.tell({ kind: "learned", data: { id } });
      return result;
    },
    dismiss(id): string | undefined {
      const topic = parts.learning.learned().find((one) => one.id === id)?.topic;
      return parts.learning.dismiss(id) ? topic : undefined;
    },
  };
}

function shown(learned: Learned): LearnedKind {
  const { id, topic, devices, messages, format, fields, state, everyMs } = learned;
  return {
    ...{ id, topic, devices, messages, format, fields, state },
    example_topic: learned.exampleTopic,
    first_seen_at: rfc3339(learned.firstAt) ?? "",
    last_seen_at: rfc3339(learned.lastAt) ?? "",
    cadence_seconds: everyMs === null ? null : Math.round(everyMs) / 1_000,
    profile_yaml: learned.profileYaml,
    subscription_yaml: learned.subscriptionYaml,
  };
}

/** Where devices publish, and a command that does. */
export function howTo({ mqtt }: Pick<GatewayConfig, "mqtt">): HowTo {
  const url = new URL(mqtt.url);
  const plain = mqtt.embedded !== undefined || url.protocol === "mqtt:";
  const host = url.hostname.replace(/^\[|\]$/g, "");
  // Who listens everywhere is reached by a name that only the reader knows; here, by this machine's own.
  const reached = host === "0.0.0.0" || host === "::" ? "127.0.0.1" : host;
  const port = url.port === "" ? "1883" : url.port;
  const shownHost = reached.includes(":") ? `[${reached}]` : reached;
  if (!plain) return { broker_url: mqtt.url, example_command: null };
  const user = mqtt.username === undefined ? "" : ` -u ${shellWord(mqtt.username)} -P PASSWORD`;
  return {
    broker_url: `mqtt://${shownHost}:${port}`,
    example_command: `mosquitto_pub -h ${reached} -p ${port}${user} -q 1 -t workshop/sensor-1/climate ` +
      `-m '{"temperature": 21.5, "humidity": 40}'`,
  };
}

function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
