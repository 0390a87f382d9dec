import type { JSX } from "hono/jsx/jsx-runtime";
import type { Answer, LearnedField, LearnedKind, LearnedPage, Viewer } from "../../api/mod.ts";
import { may } from "./role.ts";
import { Unavailable } from "./unavailable.tsx";
import { ago, brief, duration, percent, plural } from "./words.ts";

/** What was learned of messages that no subscription names, each with a proposal. */
export function LearnedProposals(
  { learned, now, viewer }: { learned: Answer<LearnedPage>; now: string; viewer: Viewer | null },
): JSX.Element | null {
  if (!learned.ok) return <Unavailable answer={learned} what="New devices" />;
  const { items } = learned.value;
  if (items.length === 0) {
    return (
      <p class="quiet">
        Every topic that was heard is known. What comes on an unknown one is looked at here, and a profile and
        a subscription are proposed for it.
      </p>
    );
  }
  return (
    <>
      {items.map((each) => <Proposal key={each.id} learned={each} now={now} viewer={viewer} />)}
    </>
  );
}

function Proposal(
  { learned, now, viewer }: { learned: LearnedKind; now: string; viewer: Viewer | null },
): JSX.Element {
  const { id, topic, example_topic, messages, last_seen_at, format, cadence_seconds: cadence, state } =
    learned;
  return (
    <article class="proposal" id={`learned-${id}`}>
      <h2 class="code">{topic}</h2>
      <p>
        {plural(learned.devices, "device")}, {plural(messages, "message")}, the last {ago(now, last_seen_at)};
        {" "}
        {format}
        {cadence === null ? "" : `, about every ${duration(cadence)}`}. For instance{" "}
        <span class="code">{example_topic}</span>.
      </p>
      <div class="scroll" tabindex={0}>
        <FieldTable fields={learned.fields} />
      </div>
      {state === "learning"
        ? <p class="quiet">A few more messages are needed before something can be proposed.</p>
        : <Accept learned={learned} viewer={viewer} />}
    </article>
  );
}

/** Types of fields that are no readings: how far they reach tells nothing. */
const UNMEASURED: ReadonlySet<string> = new Set(["time", "sequence"]);

function FieldTable({ fields }: { fields: readonly LearnedField[] }): JSX.Element {
  return (
    <table>
      <thead>
        <tr>
          <th scope="col">field</th>
          <th scope="col">type</th>
          <th scope="col">unit</th>
          <th scope="col" class="n">seen</th>
          <th scope="col" class="n">for instance</th>
          <th scope="col" class="n wide">in</th>
        </tr>
      </thead>
      <tbody>
        {fields.map(({ name, type, unit, min, max, example, share }) => (
          <tr key={name}>
            <th scope="row" class="code">{name}</th>
            <td>{type}</td>
            <td>{unit ?? ""}</td>
            <td class="n">
              {min === null || max === null || UNMEASURED.has(type)
                ? ""
                : `${brief(min, null)} … ${brief(max, null)}`}
            </td>
            <td class="n">{example}</td>
            <td class="n wide">{share >= 1 ? "every message" : percent(share, 1)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** Where the proposal is read, changed and taken. */
function Accept({ learned, viewer }: { learned: LearnedKind; viewer: Viewer | null }): JSX.Element {
  const { id, profile_yaml: profile, subscription_yaml: subscription } = learned;
  const admin = may(viewer, "admin") || viewer?.local === true;
  return (
    <div class="stack">
      <details class="yaml">
        <summary>What would be added: a profile and a subscription</summary>
        <div class="stack">
          <label>
            Profile
            <textarea name="profile" rows={lines(profile)} spellcheck={false} readonly={!admin}>
              {profile}
            </textarea>
          </label>
          <label>
            Subscription
            <textarea name="subscription" rows={lines(subscription)} spellcheck={false} readonly={!admin}>
              {subscription}
            </textarea>
          </label>
        </div>
      </details>
      <div class="acts">
        {admin
          ? <button type="button" class="main" data-do="accept" data-id={id}>Accept</button>
          : <p class="quiet">Accepting it needs the role admin.</p>}
        {may(viewer, "operator")
          ? <button type="button" data-do="dismiss" data-id={id}>Dismiss</button>
          : null}
      </div>
    </div>
  );
}

function lines(text: string): number {
  return Math.min(30, text.split("\n").length + 1);
}

/** How to point a device at the gateway. */
export function HowTo({ learned }: { learned: Answer<LearnedPage> }): JSX.Element | null {
  if (!learned.ok) return null;
  const { broker_url: broker, example_command: command } = learned.value.how_to;
  return (
    <>
      <p>
        Point a device at{" "}
        <span class="code">{broker ?? "the broker of the configuration"}</span>: any MQTT 3.1.1 client will
        do, on any topic, with QoS 1 where it can.
      </p>
      {command === null ? null : (
        <>
          <p>Nothing at hand? From a shell:</p>
          <pre>{command}</pre>
        </>
      )}
      <p class="quiet">
        So far {plural(learned.value.items.length, "kind")}{" "}
        of unknown messages. They are counted as filtered, and not kept: what comes after you accept is.
      </p>
    </>
  );
}
