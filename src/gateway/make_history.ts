import type { GatewayConfig } from "../config/mod.ts";
import { History } from "../history/mod.ts";
import type { Lifecycle } from "../lifecycle.ts";
import type { Observer } from "../observe/mod.ts";
import type { DataFolder } from "./data_folder.ts";
import { observed } from "./events.ts";
import type { GatewayPorts } from "./ports.ts";

/** The most that the history has of `buffer.max_bytes`, within which it lies. */
const PART = 0.5;
/** Below this there is none: its tables alone take some of it. */
const LEAST = 4 * 1024 * 1024;

/** What of a configuration decides how much there may be of it. */
type HistoryRoom = Pick<GatewayConfig, "history"> & {
  readonly buffer: Pick<GatewayConfig["buffer"], "maxBytes">;
};

/** How much a history may take under a configuration, bytes; 0: none is kept. */
export function historyBytes({ history, buffer }: HistoryRoom): number {
  if (history === false) return 0;
  const bytes = Math.min(history.maxBytes, Math.floor(PART * buffer.maxBytes));
  return bytes < Math.min(LEAST, history.maxBytes) ? 0 : bytes;
}

/** The local history, where one is configured and there is room for it; when it begins is the caller's to say. */
export function makeHistory(
  config: GatewayConfig,
  folder: Pick<DataFolder, "path" | "inboxJournal">,
  ports: GatewayPorts,
  lifecycle: Lifecycle,
  observer: Observer,
): History | undefined {
  const maxBytes = historyBytes(config);
  if (config.history === false || maxBytes === 0 || ports.startHistory === undefined) return undefined;
  const history = new History({
    folder: `${folder.path}/history`,
    space: { maxBytes, keep: config.history.keep },
    startWorker: ports.startHistory,
    clock: ports.clock,
    newestRecord: folder.inboxJournal.last,
    onEvent: observed(observer, "history"),
  });
  lifecycle.began("history", () => history.close());
  return history;
}
