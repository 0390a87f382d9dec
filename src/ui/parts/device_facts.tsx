import type { JSX } from "hono/jsx/jsx-runtime";
import type { Device } from "../../api/mod.ts";
import { ago, duration, moment, number, rate } from "./words.ts";

/** What is known of a device beside its values. */
export function DeviceFacts({ device, now }: { device: Device; now: string }): JSX.Element {
  const { liveness, expect_every_seconds: every, clock_skew_seconds: skew, errors } = device;
  const overdue = liveness === "late" || liveness === "offline";
  const refused = Object.entries(errors).sort(([, a], [, b]) => b - a);
  return (
    <dl class="facts-list">
      <dt>state</dt>
      <dd class={overdue ? "look" : undefined}>
        {liveness === "unknown" ? "no schedule in its profile" : liveness}
        {every === null ? "" : `, expected every ${duration(every)}`}
      </dd>
      <dt>last seen</dt>
      <dd class={overdue ? "look" : undefined}>{ago(now, device.last_seen_at)}</dd>
      <dt>known since</dt>
      <dd>{moment(now, device.first_seen_at)} UTC</dd>
      <dt>messages</dt>
      <dd>{number(device.messages)}, {rate(device.messages_per_second)} a second</dd>
      <dt>gaps</dt>
      <dd>
        {device.sequence_gaps === 0
          ? "none in its sequence"
          : `${number(device.sequence_gaps)} numbers missing in its sequence`}
      </dd>
      <dt>clock</dt>
      <dd>{skewWords(skew)}</dd>
      <dt>refused</dt>
      <dd>
        {refused.length === 0 ? "nothing" : refused.map(([reason, count], index) => (
          <span key={reason}>
            {index === 0 ? "" : ", "}
            <a href={`/quarantine?device=${encodeURIComponent(device.id)}&reason=${reason}`}>
              {number(count)} {reason.replaceAll("_", " ")}
            </a>
          </span>
        ))}
      </dd>
    </dl>
  );
}

/** How a device's clock stands to the gateway's; under two seconds is the way of the message. */
export function skewWords(skew: number | null): string {
  if (skew === null) return "its messages state no time";
  if (Math.abs(skew) < 2) return "agrees with ours";
  return `${duration(Math.abs(skew))} ${skew > 0 ? "ahead of ours" : "behind ours"}`;
}
