import type { JSX } from "hono/jsx/jsx-runtime";
import type { DestinationStatus, Status } from "../../api/mod.ts";
import type { RiverHistory } from "../data/river_history.ts";
import type { ComponentChildren } from "./children.ts";
import { Line } from "./line.tsx";
import { bytes, duration, moment, number, percent, plural, rate } from "./words.ts";

/** Above this share the outbox needs attention. */
const NEARLY_FULL = 0.8;

/** The least that a small line spans, s: so its first seconds look like seconds. */
const SHORTEST = 60;

/** The river as one strip: what flows, what waits, and what was refused at each weir. */
export function River(props: { status: Status; history: RiverHistory }): JSX.Element {
  const { status, history } = props;
  const { devices, windows, ledger } = status;
  const { decoded, late, refused } = ledger.readings;
  const { produced } = ledger.points;
  const unscheduled = devices.known - devices.online - devices.late - devices.offline;
  return (
    <ol class="river">
      <Stage name="Devices" history={history.devices} of="devices online">
        <p class="big">
          {number(devices.online)} <span>of {number(devices.known)} online</span>
        </p>
        <p class="more">
          {number(devices.late)} late, {number(devices.offline)} offline
          {unscheduled === 0 ? "" : `, ${number(unscheduled)} that may report when they like`}
        </p>
        <p class="weir">
          sequence gaps <b>{number(ledger.beside.sequence_gaps)}</b>
        </p>
      </Stage>
      <Inbox status={status} history={history.inbox} />
      <Stage name="Windows" history={history.windows} of="open windows">
        <p class="big">
          {number(windows.open)} <span>open</span>
        </p>
        <p class="more">
          {plural(windows.series, "series", "series")}, {number(windows.held)} held for late readings
          {produced === 0 || decoded / produced < 1.05
            ? ""
            : `; ${rate(decoded / produced)} readings become 1 point`}
        </p>
        <p class="weir">
          too late <b>{number(late)}</b>
        </p>
      </Stage>
      <Outbox status={status} history={history.outbox} />
      {status.destinations.map((destination) => (
        <Destination
          key={destination.name}
          destination={destination}
          now={status.now}
          refused={refused}
          history={history.destinations[destination.name] ?? []}
        />
      ))}
      {status.destinations.length === 0
        ? (
          <Stage name="Database" history={[]} of="">
            <p class="big">none</p>
            <p class="more">
              The configuration names no database: readings are kept in the local history only
            </p>
          </Stage>
        )
        : null}
    </ol>
  );
}

function Stage(
  { name, history, of, away, children }: {
    name: string;
    history: readonly (number | null)[];
    /** What the small line shows. */
    of: string;
    away?: boolean;
    children?: ComponentChildren;
  },
): JSX.Element {
  return (
    <li class={away === true ? "stage away" : "stage"}>
      <h2>{name}</h2>
      {children}
      <Line
        kind="history"
        values={[...Array<null>(Math.max(0, SHORTEST - history.length)).fill(null), ...history]}
        zero
        label={history.length === 0
          ? `${name}: nothing recorded yet`
          : `${of}, the last ${duration(history.length)}`}
      />
    </li>
  );
}

function Inbox({ status, history }: { status: Status; history: readonly (number | null)[] }): JSX.Element {
  const { mqtt, inbox, durability, ledger, now } = status;
  const away = mqtt.state !== "connected";
  const p50 = inbox.acknowledge_p50_seconds;
  const p99 = inbox.acknowledge_p99_seconds;
  const promise = durability.every_seconds === null
    ? "acknowledged after fsync"
    : `acknowledged before the disk, at most ${duration(durability.every_seconds)} behind`;
  return (
    <Stage name="Inbox" history={history} of="messages per second" away={away}>
      <p class="big">
        {away ? `${mqtt.state} since ${moment(now, mqtt.since)}` : (
          <>
            {rate(mqtt.messages_per_second)} <span>msg/s</span>
          </>
        )}
      </p>
      <p class="more">
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
    </Stage>
  );
}

function Outbox({ status, history }: { status: Status; history: readonly (number | null)[] }): JSX.Element {
  const { outbox, ledger, now } = status;
  const share = outbox.max_bytes === 0 ? 0 : Math.min(1, outbox.bytes / outbox.max_bytes);
  const full = share >= NEARLY_FULL;
  const room = outbox.room_seconds;
  return (
    <Stage name="Outbox" history={history} of="points waiting" away={full}>
      <p class="big">
        {number(outbox.points)} <span>{outbox.points === 1 ? "point waits" : "points wait"}</span>
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
      <p class="more">
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
    </Stage>
  );
}

function Destination(
  { destination, now, refused, history }: {
    destination: DestinationStatus;
    now: string;
    refused: number;
    history: readonly (number | null)[];
  },
): JSX.Element {
  const { state, since, detail, next_attempt_at: next, drain_seconds: drain } = destination;
  const away = state === "away" || state === "held";
  return (
    <Stage name={destination.name} history={history} of="points per second" away={away}>
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
      <p class="more">
        {detail ?? destination.address}
        {away && next !== null ? `; next try ${moment(now, next)}` : ""}
        {drain === null || (drain < 1 && !away)
          ? ""
          : `; drains in about ${duration(drain)}${away ? " when back" : ""}`}
      </p>
      <p class="weir">
        readings refused <b>{number(refused)}</b>
      </p>
    </Stage>
  );
}
