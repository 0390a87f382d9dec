/**
 * The worker's end: SQLite is synchronous, and a disk may be slow, so that it gets a thread of its own. Imports nothing
 * but this room: whatever is loaded here is loaded a second time, and needs the right to be read.
 * @module
 */
import { isDamage, Keeper } from "./keeper.ts";
import type { FromWorker, ToWorker } from "./protocol.ts";

/** The scope of a worker; the compiler is told of windows alone. */
interface Scope {
  onmessage: ((event: MessageEvent<ToWorker>) => void) | null;
  postMessage(message: FromWorker, transfer?: Transferable[]): void;
}

const scope: Scope = globalThis as unknown as Scope;

let keeper: Keeper | undefined;
let opening: Extract<ToWorker, { kind: "open" }> | undefined;

scope.onmessage = ({ data }): void => {
  try {
    take(data);
  } catch (error) {
    fail(error, data);
  }
};

function take(message: ToWorker): void {
  switch (message.kind) {
    case "open":
      opening = message;
      return open(message);
    case "batch":
      keeper?.take(message.batch, message.wall);
      return tell({ kind: "stored", bytes: keeper?.bytes ?? 0 });
    case "question": {
      if (keeper === undefined) throw new Error("The local history is not open");
      const { question } = message;
      // What is opened anew after damage keeps to it, too.
      if (question.kind === "limit" && opening !== undefined) {
        opening = { ...opening, space: { ...opening.space, maxBytes: question.bytes } };
      }
      const answer = keeper.answer(question);
      const transfer = typeof answer === "object" && "rows" in answer ? [answer.rows.buffer] : [];
      return tell({ kind: "answer", id: message.id, answer }, transfer);
    }
    case "close":
      keeper?.close(message.wall);
      keeper = undefined;
      return tell({ kind: "closed" });
  }
}

function open({ folder, space, wall }: Extract<ToWorker, { kind: "open" }>): void {
  keeper = new Keeper(folder, space, wall);
  const { position, bytes, setAside } = keeper;
  tell({ kind: "opened", position, bytes, setAside });
}

/** Closes the file. One that is damaged is set aside at once; what else is wrong, such as a full disk, takes time. */
function fail(error: unknown, message: ToWorker): void {
  const words = error instanceof Error ? error.message : String(error);
  try {
    keeper?.abandon();
  } catch {
    // The first error is the one that tells what is wrong.
  }
  const wasOpen = keeper !== undefined;
  keeper = undefined;
  if (message.kind === "question") tell({ kind: "refused", id: message.id, words });
  if (message.kind === "batch") tell({ kind: "stored", bytes: 0 });
  if (message.kind === "close") return tell({ kind: "closed" });
  if (wasOpen && opening !== undefined && isDamage(error)) {
    try {
      return open(opening);
    } catch {
      // Told below: the file could be opened, and cannot now.
    }
  }
  if (wasOpen || message.kind === "open") tell({ kind: "failed", words });
}

function tell(message: FromWorker, transfer: Transferable[] = []): void {
  scope.postMessage(message, transfer);
}
