import type { AlertRule } from "../../src/model/mod.ts";
import type { Published } from "./oracle.ts";
import { judge, type OracleRules } from "./oracle_readings.ts";
import { seriesKey } from "./point_table.ts";

/** What people must be told: an alert that begins, or ends. */
export interface AlertNews {
  /** Which way it was crossed. */
  readonly transition: "firing" | "resolved";
  /** Name of the rule. */
  readonly rule: string;
  /** The device id. */
  readonly device: string;
  /** Event time of the firing, ms since 1970. */
  readonly firedAt: number;
  /** Event time of this transition, ms since 1970. */
  readonly at: number;
}

/** The rules that alerts are judged by. */
export interface AlertOracleRules extends OracleRules {
  /** Thresholds, of any profile; the oracle knows no others. */
  readonly alerts: readonly AlertRule[];
}

/** One rule on one series. */
interface Watched {
  /** Event time of the newest reading, ms. */
  newest: number;
  /** Since when the value has been beyond the limit, ms; `undefined` where it is not. */
  since: number | undefined;
  /** When it fired, ms; `undefined` where it does not fire. */
  firedAt: number | undefined;
}

/**
 * The independent recomputation of alerts: from what was published to what people must be told, in order.
 *
 * Written from the words of the contract and not from the gateway's code: each reading at full rate; one that is older
 * than the newest of its series says nothing; beyond the limit for so long, by event time, fires; back at `clear` ends
 * it; what lies between the two changes nothing.
 */
export class AlertOracle {
  readonly #rules: AlertOracleRules;
  readonly #watched = new Map<string, Watched>();

  /** An oracle that has seen nothing. */
  constructor(rules: AlertOracleRules) {
    for (const { name, device, topic, tags, condition } of rules.alerts) {
      const whole = device === null && topic === null && Object.keys(tags).length === 0;
      if (whole && (condition.kind === "above" || condition.kind === "below")) continue;
      throw new Error(`The oracle knows thresholds on all devices of a profile only, not the rule "${name}"`);
    }
    this.#rules = rules;
  }

  /**
   * What a message must tell people.
   *
   * @param message each once, however often it was sent; those of a device in their order
   */
  take({ topic, payload }: Published): AlertNews[] {
    const judgement = judge(this.#rules, topic, payload);
    if (judgement.kind !== "taken") return [];
    const { profile, tags, time, readings } = judgement;
    const at = Number(time / 1_000_000n);
    const device = tags.find(([name]) => name === "device")?.[1] ?? "";
    return this.#rules.alerts.flatMap((rule) => {
      if (rule.profile !== null && rule.profile !== profile.name) return [];
      return readings.filter(({ field }) => field.name === rule.field).flatMap(({ value }): AlertNews[] => {
        const series = JSON.stringify([rule.name, seriesKey(profile.name, tags)]);
        const found = typeof value === "number" ? this.#reading(rule, series, value, at) : undefined;
        return found === undefined ? [] : [{ ...found, rule: rule.name, device, at }];
      });
    });
  }

  #reading(
    { condition, for: holding }: AlertRule,
    series: string,
    value: number,
    at: number,
  ): Pick<AlertNews, "transition" | "firedAt"> | undefined {
    if (condition.kind !== "above" && condition.kind !== "below") return undefined;
    const known = this.#watched.get(series);
    const watched = known ?? { newest: -Infinity, since: undefined, firedAt: undefined };
    if (known === undefined) this.#watched.set(series, watched);
    if (at < watched.newest) return undefined;
    watched.newest = at;
    const sign = condition.kind === "above" ? 1 : -1;
    if (sign * value > sign * condition.limit) {
      watched.since ??= at;
      if (watched.firedAt !== undefined || at - watched.since < holding) return undefined;
      watched.firedAt = at;
      return { transition: "firing", firedAt: at };
    }
    if (sign * value > sign * condition.clear) return undefined;
    const { firedAt } = watched;
    watched.since = watched.firedAt = undefined;
    return firedAt === undefined ? undefined : { transition: "resolved", firedAt };
  }
}
