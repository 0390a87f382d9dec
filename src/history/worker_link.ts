import type { Answers, FromWorker, Question, ToWorker } from "./protocol.ts";

/** A worker that runs. */
export interface HistoryWorker {
  /** Sends a message; what is transferred is gone here. */
  send(message: ToWorker, transfer: ArrayBuffer[]): void;
  /** Ends it at once. */
  end(): void;
}

/** Starts a worker; `onEnd`: it ended by itself, or could not begin. */
export type StartWorker = typeof startWorker;

/** Folder of everything that the worker loads: reading it needs a right of its own, since a worker is loaded late. */
export const WORKER_FOLDER: URL = new URL("./", import.meta.url);

/** Starts a thread. */
export function startWorker(
  onMessage: (message: FromWorker) => void,
  onEnd: (words: string) => void,
): HistoryWorker {
  const worker = new Worker(new URL("./worker.ts", import.meta.url), { type: "module" });
  worker.onmessage = ({ data }: MessageEvent<FromWorker>): void => onMessage(data);
  worker.onerror = (event): void => {
    // Else the whole process would end with it.
    event.preventDefault();
    worker.terminate();
    onEnd(event.message);
  };
  return {
    send: (message, transfer) => worker.postMessage(message, transfer),
    end: () => worker.terminate(),
  };
}

/** The history cannot answer now. */
export class NoHistory extends Error {}

interface Waiting {
  readonly resolve: (answer: never) => void;
  readonly reject: (error: NoHistory) => void;
}

/** Questions that wait for their answers. */
export class Questions {
  readonly #waiting = new Map<number, Waiting>();
  #next = 1;

  /** Notes a question; `id` names it to the worker. */
  ask<K extends Question["kind"]>(_kind: K): { readonly id: number; readonly answer: Promise<Answers[K]> } {
    const { promise, resolve, reject } = Promise.withResolvers<Answers[K]>();
    const id = this.#next++;
    this.#waiting.set(id, { resolve, reject });
    return { id, answer: promise };
  }

  /** An answer has come: of the kind that was asked for, since the worker answers by the same table. */
  answered(id: number, answer: Answers[Question["kind"]]): void {
    this.#waiting.get(id)?.resolve(answer as never);
    this.#waiting.delete(id);
  }

  /** There will be none. */
  refused(id: number, words: string): void {
    this.#waiting.get(id)?.reject(new NoHistory(words));
    this.#waiting.delete(id);
  }

  /** There will be none of any. */
  refuseAll(words: string): void {
    for (const id of [...this.#waiting.keys()]) this.refused(id, words);
  }
}
