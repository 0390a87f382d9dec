import type { JSX } from "hono/jsx/jsx-runtime";
import type { Status } from "../schemas/status.ts";
import type { DestinationStatus } from "../schemas/status_parts.ts";
import { bytes, duration, moment, number, percent, plural, rate } from "./words.ts";

/** Above this share the outbox needs attention. */
const NEARLY_FULL = 0.8;

/** The river as one strip: what flows, what waits, and what was refused at each weir. */
export function RiverSection(props: { status: Status }): JSX.Element {
  const { status } = props;
  const { devices, windows, ledger } = status;
  const { decoded, late, refused } = ledger.readings;
  const { produced } = ledger.points;
  return (
    <section aria-label="The river">
      <ol class="river">
        <li>
          <h2>Devices</h2>
          <p class="big">
            {number(devices.online)} <span>of {number(devices.known)} online</span>
          </p>
          <p>{number(devices.late)} late, {number(devices.offline)} offline</p>
          <p class="weir">
            sequence gaps <b>{number(ledger.beside.sequence_gaps)}</b>
          </p>
        </li>
        <Inbox status={status} />
        <li>
          <h2>Windows</h2>
          <p class="big">
            {number(windows.open)} <span>open</span>
          </p>
          <p>
            {plural(windows.series, "series", "series")}, {number(windows.held)} held for late readings
            {produced === 0 ? "" : `; ${rate(decoded / produced)} readings become 1 point`}
          </p>
          <p class="weir">
            too late <b>{number(late)}</b>
          </p>
        </li>
        <Outbox status={status} />
        {status.destinations.map((destination) => (
          <Destination destination={destination} now={status.now} refused={refused} />
        ))}
        {status.destinations.length === 0
          ? (
            <li>
              <h2>Database</h2>
              <p class="big">none</p>
              <p>The configuration names no database</p>
            </li>
          )
          : null}
      </ol>
    </section>
  );
}

function Inbox({ status }: { status: Status }): JSX.Element {
  const { mqtt, inbox, durability, ledger, now } = status;
  const away = mqtt.state !== "connected";
  const p50 = inbox.acknowledge_p50_seconds;
  const p99 = inbox.acknowledge_p99_seconds;
  const promise = durability.every_seconds === null
    ? "acknowledged after fsync"
    : `acknowledged before the disk, at most ${duration(durability.every_seconds)} behind`;
  return (
    <li class={away ? "away" : undefined}>
      <h2>Inbox</h2>
      <p class="big">
        {away ? `${mqtt.state} since ${moment(now, mqtt.since)}` : (
          <>
            {rate(mqtt.messages_per_second)} <span>msg/s</span>
          </>
        )}
      </p>
      <p>
        {away && mqtt.detail !== null ? `${mqtt.detail}; ` : ""}
        {promise}
        {p50 === null || p99 === null ? "" : `, ${duration(p50)} median, ${duration(p99)} p99`}
      </p>
      <p class="weir">
        quarantined <b>{number(ledger.messages.quarantined)}</b>, duplicates{" "}
        <b>{number(ledger.messages.duplicate)}</b>, corrupt <b>{number(ledger.messages.corrupt)}</b>
        {ledger.messages.sampled === 0 ? null : (
          <>
            , left out by sampling <b>{number(ledger.messages.sampled)}</b>
          </>
        )}
      </p>
    </li>
  );
}

function Outbox({ status }: { status: Status }): JSX.Element {
  const { outbox, ledger, now } = status;
  const share = outbox.max_bytes === 0 ? 0 : Math.min(1, outbox.bytes / outbox.max_bytes);
  const full = share >= NEARLY_FULL;
  const room = outbox.room_seconds;
  return (
    <li class={full ? "away" : undefined}>
      <h2>Outbox</h2>
      <p class="big">
        {number(outbox.points)} <span>{outbox.points === 1 ? "point" : "points"}</span>
      </p>
      <svg
        class={full ? "tank full" : "tank"}
        viewBox="0 0 100 1"
        preserveAspectRatio="none"
        role="img"
        aria-label={`${percent(outbox.bytes, outbox.max_bytes)} full`}
      >
        <rect width={(share * 100).toFixed(2)} height="1" />
      </svg>
      <p>
        {bytes(outbox.bytes)} of {bytes(outbox.max_bytes)}
        {outbox.oldest_at === null ? "" : `, oldest ${moment(now, outbox.oldest_at)}`}
        {room === null
          ? ""
          : `; room for ${duration(room)} at this rate, then ${
            outbox.when_full === "block" ? "the intake stops" : "the oldest are dropped"
          }`}
      </p>
      <p class="weir">
        evicted <b>{number(ledger.points.evicted)}</b>
      </p>
    </li>
  );
}

function Destination(
  { destination, now, refused }: { destination: DestinationStatus; now: string; refused: number },
): JSX.Element {
  const { state, since, detail, next_attempt_at: next, drain_seconds: drain } = destination;
  const away = state === "away" || state === "held";
  return (
    <li class={away ? "away" : undefined}>
      <h2>{destination.name}</h2>
      <p class="big">
        {away
          ? `${state === "away" ? "away" : "refuses all"} since ${moment(now, since)}`
          : state === "untried"
          ? "not tried yet"
          : (
            <>
              {rate(destination.points_per_second)} <span>points/s</span>
            </>
          )}
      </p>
      <p>
        {destination.address}
        {detail === null ? "" : `; ${detail}`}
        {away && next !== null ? `; next try ${moment(now, next)}` : ""}
        {drain === null ? "" : `; drains in about ${duration(drain)}${away ? " when back" : ""}`}
      </p>
      <p class="weir">
        readings refused <b>{number(refused)}</b>
      </p>
    </li>
  );
}
