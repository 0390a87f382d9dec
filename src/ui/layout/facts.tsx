import type { JSX } from "hono/jsx/jsx-runtime";
import type { Status } from "../../api/mod.ts";
import { age, ago, duration, percent } from "../parts/words.ts";

/** The gateway in one line: what is well in quiet words, what is not in the accent. */
export function Facts({ status }: { status: Status }): JSX.Element {
  const { now, mqtt, disk } = status;
  const notices = noticesOf(status);
  return (
    <>
      <span class="code">{status.gateway_id}</span>
      <span>{now.slice(11, 19)} UTC</span>
      <span>up {duration(status.uptime_seconds)}</span>
      {mqtt.state === "connected"
        ? (
          <span>
            MQTT {hostOf(mqtt.address)}
            {mqtt.last_message_at === null ? ", nothing yet" : `, ${ago(now, mqtt.last_message_at)}`}
          </span>
        )
        : null}
      {status.destinations.filter(({ state }) => state === "reachable").map(({ name }) => (
        <span key={name}>{name} reachable</span>
      ))}
      {status.destinations.length === 0 ? <span>no database, local history only</span> : null}
      <span>disk {percent(disk.used_bytes, disk.max_bytes)}</span>
      {notices.map((notice) => <strong key={notice} class="look">{notice}</strong>)}
    </>
  );
}

/** What someone should know before reading any figure; the longest lasting first. */
export function noticesOf(status: Status): readonly string[] {
  const { now, mqtt, destinations } = status;
  return [
    ...(status.state === "running" ? [] : [status.state]),
    ...(mqtt.state === "connected" ? [] : [`MQTT ${mqtt.state} for ${age(now, mqtt.since)}`]),
    ...destinations.filter(({ state }) => state === "away" || state === "held").map((
      { name, state, since },
    ) => `${name} ${state === "away" ? "away" : "refuses all"} for ${age(now, since)}`),
    ...status.readiness.reasons.filter(({ reason }) => reason !== "mqtt_disconnected").map(({ detail }) =>
      detail
    ),
    ...(status.clock_plausible ? [] : ["The clock of this machine cannot be believed"]),
    ...(status.durability.mode === "fsync" ? [] : ["A power cut can cost acknowledged messages"]),
  ];
}

function hostOf(address: string): string {
  return address.replace(/^\w+:\/\//, "").replace(/:(1883|8883)$/, "");
}
