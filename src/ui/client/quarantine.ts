/// <reference lib="dom" />
import type { Answer, QuarantineReplay, Status } from "../../api/mod.ts";
import { loadQuarantine, type QuarantineData } from "../data/quarantine.ts";
import { RefusalGroupList } from "../parts/refusal_groups.tsx";
import { RefusalList } from "../parts/refusal_list.tsx";
import { ReplayResult } from "../parts/replay_result.tsx";
import { plural } from "../parts/words.ts";
import { on, say } from "./actions.ts";
import { ask, newer, send } from "./api.ts";
import { explain } from "./explain.ts";
import { show } from "./mount.tsx";
import type { LivePage, PageStart } from "./start.ts";

/** How often lists are asked for anew: the gateway reads its disk for them, ms. */
const EVERY = 15_000;

/** Entries whose replay is told one by one. */
const MOST_SHOWN = 100;

/** The quarantine, live. */
export function startQuarantine(start: PageStart): LivePage {
  let data = start.page as QuarantineData;
  let status: Status | null = start.status;
  const { viewer } = start;
  const { filter } = data;

  const draw = (): void => {
    if (status === null) return;
    const { now } = status;
    show("groups", RefusalGroupList, { groups: data.groups, filter, now, viewer });
    show("entries", RefusalList, { entries: data.entries, filter, now });
  };
  const refresh = async (): Promise<void> => {
    const { id: _, ...lists } = filter;
    const fresh = await loadQuarantine(ask, lists);
    data = {
      ...data,
      groups: newer(fresh.groups, data.groups),
      entries: newer(fresh.entries, data.entries),
    };
    draw();
  };

  on("explain", (button) => explain({ quarantine_id: Number(button.dataset.id) }));
  on("try", (button) => replay(button, true));
  on("replay", async (button) => {
    await replay(button, false);
    await refresh();
  });
  on("delete", async (button) => {
    if (!confirm("Delete for good? What is deleted cannot be replayed any more.")) return;
    const query = new URLSearchParams(
      Object.entries(chosen(button)).map(([name, value]) => [name, String(value)]),
    );
    const answer = await send<{ readonly deleted: number }>("DELETE", `/api/v1/quarantine?${query}`);
    if (answer.ok) say(`Deleted: ${plural(answer.value.deleted, "entry", "entries")}`);
    else say(`Nothing was deleted: ${answer.detail}`, true);
    await refresh();
  });
  draw();
  return {
    topics: [],
    every: EVERY,
    refresh,
    status(now) {
      status = now;
      draw();
    },
  };
}

async function replay(button: HTMLElement, dry: boolean): Promise<void> {
  const { ids, ...about } = chosen(button);
  const choice = { ...about, ...(ids === undefined ? {} : { ids: [Number(ids)] }), dry_run: dry };
  const answer = await replayAll(choice);
  if (!answer.ok) return say(`It was not replayed: ${answer.detail}`, true);
  const place = button.closest("#entry") === null ? "replayed" : "explained";
  show(place, ReplayResult, { answer: answer.value });
  if (!dry) say(`Replayed: ${answer.value.accepted} taken, ${answer.value.refused} refused again`);
  button.closest("details")?.removeAttribute("open");
}

/** A replay goes through so many entries at a time: asks until there are no more, and adds up what came of them. */
async function replayAll(choice: Readonly<Record<string, unknown>>): Promise<Answer<QuarantineReplay>> {
  let sum = await send<QuarantineReplay>("POST", "/api/v1/quarantine/replay", choice);
  while (sum.ok && sum.value.next_cursor !== null) {
    const so = sum.value;
    const next = await send<QuarantineReplay>("POST", "/api/v1/quarantine/replay", {
      ...choice,
      cursor: so.next_cursor,
    });
    if (!next.ok) return next;
    const { entries, accepted, refused, items } = next.value;
    const value = {
      ...next.value,
      entries: so.entries + entries,
      accepted: so.accepted + accepted,
      refused: so.refused + refused,
      items: [...so.items, ...items].slice(0, MOST_SHOWN),
    };
    sum = { ok: true, value };
  }
  return sum;
}

/** What a button is about: one entry, or all of a reason and device. */
function chosen(button: HTMLElement): { ids?: string; reason?: string; device?: string } {
  const { id, reason, device } = button.dataset;
  if (id !== undefined) return { ids: id };
  return { ...(reason === undefined ? {} : { reason }), ...(device === undefined ? {} : { device }) };
}
