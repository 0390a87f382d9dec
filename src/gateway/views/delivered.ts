import type { Delivered, DeliveredAnswer, DeliveredQuery, DeliveredView } from "../../api/mod.ts";
import { type AccountRow, DAY, type DeliveryAccount } from "../../buffer/mod.ts";
import { rfc3339 } from "../../model/mod.ts";
import type { Parts } from "../parts.ts";

/** The delivery account of the gateway at this moment. */
export function deliveredView({ core }: Parts): DeliveredView {
  const idOf = (device: number): string => core.driver.river.registry.devices[device]?.id ?? "";
  return { delivered: (query) => deliveredOf(core.outbox.account, idOf, query) };
}

/**
 * A stretch of a delivery account as the API tells it.
 *
 * @param idOf the id of a device by its number
 */
export function deliveredOf(
  account: DeliveryAccount,
  idOf: (device: number) => string,
  { since, until, limit, after }: DeliveredQuery,
): DeliveredAnswer {
  const from = since === null ? -Infinity : Date.parse(since) / DAY;
  const to = until === null ? Infinity : Date.parse(until) / DAY;
  const items: Delivered[] = [];
  let last: AccountRow | undefined;
  let more = false;
  for (const row of account.rows) {
    if (row.number <= (after ?? 0) || row.day < from || row.day >= to) continue;
    if (items.length === limit) {
      more = true;
      break;
    }
    items.push(deliveredRow(row, idOf(row.device)));
    last = row;
  }
  return {
    since: rfc3339(account.since) ?? "",
    whole_from: account.from === -Infinity ? null : dayText(account.from),
    measurements: [...account.measurements].map(({ name, fields, finer }) => ({
      name,
      fields: [...fields].map(([field, { numbers, others }]) => ({ name: field, numbers, others })),
      finer_than_ms: finer,
    })),
    items,
    next_cursor: more && last !== undefined ? String(last.number) : null,
  };
}

function deliveredRow(row: AccountRow, device: string): Delivered {
  return {
    device,
    measurement: row.measurement,
    day: dayText(row.day),
    values: row.fresh,
    // What overwrites a value that may never have come may be the first there: no more of them than were lost.
    uncertain: row.unsure + Math.min(row.lost, row.doubt),
    waiting: row.waiting,
    not_delivered: row.lost,
    rewritten: row.again,
    sum: row.summed && Number.isFinite(row.sum) ? row.sum : null,
    magnitude: Math.min(row.size, Number.MAX_VALUE),
  };
}

function dayText(day: number): string {
  return rfc3339(day * DAY)?.slice(0, 10) ?? "";
}
