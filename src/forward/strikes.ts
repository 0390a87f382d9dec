import type { Clock } from "../clock.ts";
import type { FieldText, Line } from "./line_parts.ts";

/** Refusals of one field of one series, or of one field of a measurement, that make it known as refused. */
const TIMES = 3;
/** How long a refusal counts; after it the series is tried again, ms. */
const BELIEVED = 5 * 60_000;
/** Series remembered; beyond it the oldest are forgotten, which costs requests and nothing else. */
const REMEMBERED = 10_000;

/** What the server said of a series. */
export interface Refusal {
  readonly words: string;
  readonly status: number;
}

interface Strike {
  /** Series: how often refused. Measurement: in which series. */
  count: number;
  readonly heads: Set<string>;
  refusal: Refusal;
  /** Monotonic time until which it counts as refused. */
  until: number;
}

/**
 * Remembers which series are always refused, so that a device with a wrong type costs a few requests and not a
 * search in every block (rule F9). Two levels: a field of one series that was refused alone three times, and a
 * field of a measurement that was refused alone in three series and accepted in none (a field's type belongs to
 * the measurement, so it conflicts for all devices at once).
 */
export class Strikes {
  readonly #clock: Clock;
  readonly #series = new Map<string, Strike>();
  readonly #measurements = new Map<string, Strike>();

  /** Remembers nothing yet. */
  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Why this field of this line needs no request, or `undefined` where it has to be tried. */
  known(line: Line, field: FieldText): Refusal | undefined {
    if (this.#series.size === 0) return undefined;
    const now = this.#clock.monotonic();
    for (
      const strike of [this.#series.get(seriesOf(line, field)), this.#measurements.get(fieldOf(line, field))]
    ) {
      if (strike !== undefined && strike.count >= TIMES && now < strike.until) return strike.refusal;
    }
    return undefined;
  }

  /** A field was refused alone. */
  refused(line: Line, field: FieldText, refusal: Refusal): void {
    const now = this.#clock.monotonic();
    const series = entry(this.#series, seriesOf(line, field), refusal, now);
    series.count++;
    const measurement = entry(this.#measurements, fieldOf(line, field), refusal, now);
    if (measurement.heads.size < TIMES) measurement.heads.add(line.head);
    measurement.count = measurement.heads.size;
  }

  /** A field was accepted: it is not always refused. */
  accepted(line: Line, field: FieldText): void {
    if (this.#series.size === 0) return;
    this.#series.delete(seriesOf(line, field));
    this.#measurements.delete(fieldOf(line, field));
  }

  /** Forgets everything: after a reload everything is tried again. */
  clear(): void {
    this.#series.clear();
    this.#measurements.clear();
  }
}

/** The strike of a key, renewed. What has run out is not counted on: three refusals a year are no pattern. */
function entry(map: Map<string, Strike>, key: string, refusal: Refusal, now: number): Strike {
  const known = map.get(key);
  const strike = known !== undefined && now < known.until
    ? known
    : { count: 0, heads: new Set<string>(), refusal, until: 0 };
  strike.refusal = refusal;
  strike.until = now + BELIEVED;
  // The newest last, so that the oldest is forgotten first.
  map.delete(key);
  map.set(key, strike);
  if (map.size > REMEMBERED) {
    const oldest = map.keys().next();
    if (!oldest.done) map.delete(oldest.value);
  }
  return strike;
}

function seriesOf(line: Line, field: FieldText): string {
  return `${line.head} ${field.name}`;
}

function fieldOf(line: Line, field: FieldText): string {
  return `${line.measurement} ${field.name}`;
}
