import type { AlertCondition } from "../../model/mod.ts";
import { band } from "./band.ts";
import type { Condition, OfKind } from "./condition.ts";
import { equality } from "./equality.ts";
import { rate } from "./rate.ts";
import { silent } from "./silent.ts";
import { threshold } from "./threshold.ts";
import { unchanged } from "./unchanged.ts";

/** Every kind of condition there is; a new one is a file beside this one and a line here. */
const CONDITIONS: { readonly [K in AlertCondition["kind"]]: (of: OfKind<K>) => Condition } = {
  above: threshold,
  below: threshold,
  inside: band,
  outside: band,
  equals: equality,
  not_equals: equality,
  rate_above: rate,
  rate_below: rate,
  unchanged,
  silent,
};

/** Makes a rule's condition ready for use. */
export function compileCondition<K extends AlertCondition["kind"]>(of: OfKind<K>): Condition {
  const compile: (of: OfKind<K>) => Condition = CONDITIONS[of.kind];
  return compile(of);
}
