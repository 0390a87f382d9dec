import type { JSX } from "hono/jsx/jsx-runtime";
import { imbalance } from "../../model/mod.ts";
import type { LedgerAnswer } from "../../api/mod.ts";
import { moment, number, plural } from "./words.ts";

/** The ledger as one sentence and one sum. */
export function LedgerSection(props: { ledger: LedgerAnswer; now: string }): JSX.Element {
  const { ledger, now } = props;
  const { decoded, delivered, waiting, open, unchanged, rejected, late, refused, evicted } = ledger.readings;
  const terms: readonly (readonly [number, string])[] = [
    [delivered, "delivered"],
    [waiting, "waiting"],
    [open, "in open windows"],
    ...(unchanged > 0 ? [[unchanged, "unchanged"] as const] : []),
    [rejected + late + refused, "refused, with reasons"],
    [evicted, "evicted"],
  ];
  return (
    <section aria-labelledby="ledger-title">
      <h1 id="ledger-title" class={ledger.balanced ? undefined : "look"}>{sentence(ledger, now)}</h1>
      <p class="sum">
        <Term value={decoded} name="readings received" />
        {terms.map(([value, name], index) => (
          <Term key={name} sign={index === 0 ? "=" : "+"} value={value} name={name} />
        ))}
        <strong class={ledger.balanced ? "seal" : "seal look"}>
          {ledger.balanced ? "balanced" : "not balanced"}, checked {now.slice(11, 19)}
        </strong>
      </p>
    </section>
  );
}

/** A number with its name and the sign before it, which never stands at the end of a line. */
function Term({ sign, value, name }: { sign?: string; value: number; name: string }): JSX.Element {
  return (
    <span class="term">
      {sign === undefined ? null : <i>{sign}</i>}
      <span>
        <b>{number(value)}</b> <small>{name}</small>
      </span>
    </span>
  );
}

function sentence(ledger: LedgerAnswer, now: string): string {
  const since = `${moment(now, ledger.since)} UTC`;
  if (!ledger.balanced) {
    const off = imbalance(ledger);
    const parts = [
      ...(off.messages === 0 ? [] : [plural(Math.abs(off.messages), "message")]),
      ...(off.readings === 0 ? [] : [plural(Math.abs(off.readings), "reading")]),
      ...(off.points === 0 ? [] : [plural(Math.abs(off.points), "point")]),
    ];
    return `The accounts since ${since} do not balance: ${parts.join(" and ")} off.`;
  }
  if (ledger.messages.received === 0) return `Nothing has been received since ${since}.`;
  return `Every reading since ${since} is accounted for.`;
}
