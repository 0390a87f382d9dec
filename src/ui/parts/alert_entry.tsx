import type { Alert } from "../../api/mod.ts";
import type { JSX } from "hono/jsx/jsx-runtime";
import { age, moment, reading } from "./words.ts";

/** One alert: what is wrong, since when, who has taken it up, and what can be done. */
export function AlertEntry(
  { alert, now, operate, note }: {
    alert: Alert;
    now: string;
    /** Whether who looks may acknowledge and silence. */
    operate: boolean;
    /** Whether an acknowledgement asks for a note. */
    note: boolean;
  },
): JSX.Element {
  const { acknowledged, silenced_until: silenced } = alert;
  const firing = alert.state === "firing";
  const open = firing && (acknowledged ?? null) === null;
  const look = open && (silenced ?? null) === null;
  return (
    <article class={look ? `entry look ${alert.severity}` : "entry"}>
      <p class="said">
        <b>{alert.summary}</b>
        {firing ? <span class={`badge ${alert.severity}`}>{alert.severity}</span> : null}
      </p>
      <p>{standing(alert, now)}</p>
      {acknowledged
        ? (
          <p>
            acknowledged by {acknowledged.by}, {moment(now, acknowledged.at)}
            {acknowledged.note === null ? "" : `: ${acknowledged.note}`}
          </p>
        )
        : null}
      {silenced ? <p>silenced until {moment(now, silenced)}: it is shown, nobody is told</p> : null}
      <div class="acts">
        {operate && open ? <Acknowledge alert={alert} note={note} /> : null}
        {operate && alert.state !== "resolved" && !silenced ? <SilenceMenu alert={alert} /> : null}
        <Why alert={alert} />
      </div>
    </article>
  );
}

function Acknowledge({ alert, note }: { alert: Alert; note: boolean }): JSX.Element {
  const button = (
    <button type="button" class="main" data-do="acknowledge" data-id={alert.id}>Acknowledge</button>
  );
  if (!note) return button;
  return (
    <span class="together">
      {button}
      <input type="text" name="note" maxlength={500} placeholder="note, if you like" aria-label="Note" />
    </span>
  );
}

function SilenceMenu({ alert }: { alert: Alert }): JSX.Element {
  return (
    <details class="menu">
      <summary>Silence…</summary>
      <div>
        <p>{alert.rule} on {alert.device}: shown, but nobody is told for</p>
        {([[60, "1 hour"], [480, "8 hours"]] as const).map(([minutes, words]) => (
          <button
            type="button"
            data-do="silence"
            data-rule={alert.rule}
            data-device={alert.device}
            data-minutes={minutes}
          >
            {words}
          </button>
        ))}
        <label>
          until <input type="datetime-local" name="until" aria-label="Until, in this computer's time" />
        </label>
        <button
          type="button"
          data-do="silence"
          data-rule={alert.rule}
          data-device={alert.device}
          data-until=""
        >
          Silence until then
        </button>
      </div>
    </details>
  );
}

function Why({ alert }: { alert: Alert }): JSX.Element {
  const tags = Object.entries(alert.tags).map(([name, value]) => `${name}=${value}`).join(", ");
  return (
    <details class="menu why">
      <summary>Why?</summary>
      <dl>
        <dt>rule</dt>
        <dd>
          <a href={`/rules#rule-${encodeURIComponent(alert.rule)}`}>{alert.rule}</a>
        </dd>
        <dt>device</dt>
        <dd>
          <a href={`/devices/${encodeURIComponent(alert.device)}`}>{alert.device}</a>
        </dd>
        {alert.field === null ? null : (
          <>
            <dt>field</dt>
            <dd>{alert.field}</dd>
          </>
        )}
        {alert.value === null ? null : (
          <>
            <dt>value</dt>
            <dd>{reading(alert.value, alert.unit)}</dd>
          </>
        )}
        <dt>limit</dt>
        <dd>{alert.limit}</dd>
        {tags === "" ? null : (
          <>
            <dt>tags</dt>
            <dd>{tags}</dd>
          </>
        )}
        <dt>condition holds since</dt>
        <dd>{alert.since}</dd>
        {alert.fired_at === null ? null : (
          <>
            <dt>fired at</dt>
            <dd>{alert.fired_at}</dd>
          </>
        )}
      </dl>
    </details>
  );
}

/** Where an alert stands, in words. */
export function standing(alert: Alert, now: string): string {
  const what = `rule ${alert.rule} on ${alert.device}`;
  if (alert.state === "pending") return `${what}, holds for ${age(now, alert.since)}, not long enough yet`;
  if (alert.state === "firing") return `${what}, firing for ${age(now, alert.fired_at ?? alert.since)}`;
  const why = alert.resolved_because === null ? "resolved" : alert.resolved_because.replaceAll("_", " ");
  return `${what}, ${why} at ${moment(now, alert.resolved_at ?? alert.since)}`;
}
