import type { Dice } from "../dice.ts";
import { activity, type Fields, type Model, occurs, type Source } from "./model.ts";

/** The severities, each with its part of a quiet host's lines. */
const SEVERITIES = [
  ["debug", 0.34],
  ["info", 0.5],
  ["notice", 0.06],
  ["warning", 0.06],
  ["err", 0.03],
  ["crit", 0.007],
  ["alert", 0.002],
  ["emerg", 0.001],
] as const;

type Severity = typeof SEVERITIES[number][0];

/** How a service puts it. */
type Tone = "calm" | "odd" | "broken";

const TONES: Readonly<Record<Severity, Tone>> = {
  debug: "calm",
  info: "calm",
  notice: "calm",
  warning: "odd",
  err: "broken",
  crit: "broken",
  alert: "broken",
  emerg: "broken",
};

/** Mean pause between two incidents of one host, and the shortest and longest of them, ms. */
const INCIDENT_EVERY = 45_000;
const INCIDENT = [2_000, 9_000] as const;

/** Throws the numbers of a text. */
class Numbers {
  readonly #dice: Dice;

  constructor(dice: Dice) {
    this.#dice = dice;
  }

  /** A whole number, both ends included. */
  whole(low: number, high: number): number {
    return Math.floor(this.#dice.between(low, high + 1));
  }

  one<T>(of: readonly T[], otherwise: T): T {
    return of[Math.floor(this.#dice.uniform() * of.length)] ?? otherwise;
  }

  /** An address that belongs to nobody (RFC 5737). */
  address(): string {
    return `${this.one(["192.0.2", "198.51.100", "203.0.113"], "192.0.2")}.${this.whole(1, 254)}`;
  }
}

type Texts = (numbers: Numbers) => readonly string[];

/** A program that writes lines, and what it says in each tone. */
interface Service extends Readonly<Record<Tone, Texts>> {
  /** Left out: it knows none. */
  readonly facility?: string;
}

const SHOP: Service = {
  facility: "shop",
  calm: (n) => [
    `GET /api/orders/${n.whole(1_000, 99_999)} 200 in ${n.whole(2, 90)} ms`,
    `POST /api/cart 201 in ${n.whole(5, 120)} ms, ${n.whole(1, 9)} items`,
    `cache hit for "cart:${n.whole(1_000, 99_999)}"`,
  ],
  odd: (n) => [
    `GET /api/orders?page=${n.whole(2, 80)} took ${n.whole(1_001, 9_000)} ms, limit is 1000`,
    `cart ${n.whole(1_000, 99_999)}: Größe "${n.whole(36, 46)}½" is not on sale`,
  ],
  broken: (n) => [
    `order ${n.whole(1_000, 99_999)} failed: connection to db-${n.whole(1, 3)}:5432 refused`,
    [
      `TypeError: order ${n.whole(1_000, 99_999)} has no lines`,
      `    at total (file:///srv/shop/order.ts:${n.whole(20, 400)}:${n.whole(3, 60)})`,
      `    at checkout (file:///srv/shop/checkout.ts:${n.whole(20, 400)}:${n.whole(3, 60)})`,
      `    at stock (file:///srv/shop/stock.ts:${n.whole(20, 400)}:${n.whole(3, 60)})`,
      `    at async handle (file:///srv/shop/server.ts:${n.whole(20, 400)}:${n.whole(3, 60)})`,
      `    at async serve (file:///srv/shop/main.ts:${n.whole(20, 400)}:${n.whole(3, 60)})`,
    ].join("\n"),
  ],
};

const SIGN_IN: Service = {
  facility: "auth",
  calm: (n) => [
    `Accepted publickey for deploy from ${n.address()} port ${n.whole(32_768, 60_999)} ssh2`,
    `session closed for user deploy after ${n.whole(1, 7_200)} s`,
  ],
  odd: (n) => [`Connection closed by ${n.address()} port ${n.whole(32_768, 60_999)} [preauth]`],
  broken: (n) => [
    `Failed password for root from ${n.address()} port ${n.whole(32_768, 60_999)} ssh2`,
    `Invalid user admin${n.whole(1, 99)} from ${n.address()} port ${n.whole(32_768, 60_999)}`,
  ],
};

const JOBS: Service = {
  facility: "cron",
  calm: (n) => [
    `(root) CMD (run-parts /etc/cron.${n.one(["hourly", "daily"], "hourly")}), exit 0 after ${
      n.whole(1, 40)
    } s`,
  ],
  odd: (n) => [`job report-${n.whole(1, 12)} is still running after ${n.whole(61, 900)} s, skipped`],
  broken: (n) => [`job C:\\jobs\\export-${n.whole(1, 12)}.cmd ended with exit ${n.whole(1, 127)}`],
};

const WORKER: Service = {
  calm: (n) => [
    `batch ${n.whole(1, 9_999)}: ${n.whole(1, 500)} messages, lag ${n.whole(0, 40)}`,
    `took job=${n.whole(100_000, 999_999)}, queue=mail`,
  ],
  odd: (n) => [`queue mail holds ${n.whole(1_000, 50_000)} messages, oldest ${n.whole(60, 900)} s`],
  broken: (n) => [`job=${n.whole(100_000, 999_999)} gave up after ${n.whole(3, 8)} attempts: 421 try later`],
};

/** Services and how much of a host's lines each writes. */
const SERVICES = [[SHOP, 0.55], [WORKER, 0.2], [SIGN_IN, 0.15], [JOBS, 0.1]] as const;

/** Picks by parts that add up to 1. */
function pick<T>(dice: Dice, parts: readonly (readonly [T, number])[], otherwise: T): T {
  let rest = dice.uniform();
  for (const [one, part] of parts) {
    rest -= part;
    if (rest < 0) return one;
  }
  return otherwise;
}

class Host implements Source {
  readonly #dice: Dice;
  readonly #numbers: Numbers;
  readonly #pids = new Map<Service, number>();
  /** What goes wrong at the moment. */
  #incident: { readonly service: Service; readonly until: number } | undefined;
  #last = 0;

  constructor(dice: Dice) {
    this.#dice = dice;
    this.#numbers = new Numbers(dice);
  }

  measure(elapsed: number): Fields {
    const dice = this.#dice;
    const step = elapsed - this.#last;
    this.#last = elapsed;
    if (this.#incident !== undefined && elapsed >= this.#incident.until) this.#incident = undefined;
    // The busier the site, the sooner something gives way.
    if (this.#incident === undefined && occurs(dice, step * (0.5 + activity(elapsed)), INCIDENT_EVERY)) {
      this.#incident = { service: pick(dice, SERVICES, SHOP), until: elapsed + dice.between(...INCIDENT) };
    }
    if (this.#incident !== undefined && dice.happens(0.7)) {
      return this.#line(this.#incident.service, pick(dice, [["err", 0.8], ["warning", 0.15]], "crit"));
    }
    return this.#line(pick(dice, SERVICES, SHOP), pick<Severity>(dice, SEVERITIES, "info"));
  }

  #line(service: Service, severity: Severity): Fields {
    const tone = TONES[severity];
    const { facility } = service;
    const message = this.#numbers.one(service[tone](this.#numbers), "");
    // What is critical ends a program: it is started anew.
    const known = severity === "crit" ? undefined : this.#pids.get(service);
    const pid = known ?? this.#numbers.whole(300, 4_194_303);
    this.#pids.set(service, pid);
    return {
      severity,
      ...(facility === undefined ? {} : { facility }),
      message,
      pid,
      ...(service === SIGN_IN ? { security: tone === "broken" } : {}),
    };
  }
}

/** Host whose services log: mostly debug and info, bursts of errors of one service, failed sign-ins, stack traces. */
export const appLog: Model = {
  profile: "app-log",
  kind: "log",
  pace: 2,
  counts: false,
  spikes: [
    { path: ["severity"], value: "ERROR", costs: "message" },
    { path: ["pid"], value: -1, costs: "reading" },
  ],
  wrongTypes: [
    { path: ["severity"], value: 3, costs: "message" },
    { path: ["pid"], value: "4711", costs: "reading" },
  ],
  create: (dice) => new Host(dice),
  stamp: (time) => ({ ts: time }),
};
