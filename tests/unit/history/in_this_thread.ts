import { isDamage, Keeper } from "../../../src/history/keeper.ts";
import type { FromWorker, HistoryWorker, ToWorker } from "../../../src/history/mod.ts";

/** A worker that is none: the keeper in this thread, a turn later. It can be made to fail, and to be killed. */
export class InThisThread {
  /** What the next batches fail with. */
  failure: Error | undefined;
  /** Messages that came. */
  readonly came: ToWorker[] = [];
  /** Takes nothing any more, as a process that was killed. */
  dead = false;
  /** Answers nothing for now. */
  slow = false;
  #keeper: Keeper | undefined;
  #tell: (message: FromWorker) => void = () => {};

  /** Begins it. */
  readonly start = (onMessage: (message: FromWorker) => void): HistoryWorker => {
    this.#tell = onMessage;
    return {
      send: (message): void => {
        this.came.push(message);
        if (!this.slow) queueMicrotask(() => this.#take(message));
      },
      end: () => this.kill(),
    };
  };

  /** Ends it where it is, without a last commit. */
  kill(): void {
    this.dead = true;
    this.#keeper?.abandon();
    this.#keeper = undefined;
  }

  /** Commits now. */
  commit(wall: number): void {
    this.#keeper?.commit(wall);
  }

  #take(message: ToWorker): void {
    if (this.dead) return;
    try {
      switch (message.kind) {
        case "open": {
          if (this.failure !== undefined) throw this.failure;
          this.#keeper = new Keeper(message.folder, message.space, message.wall);
          const { position, bytes, setAside } = this.#keeper;
          return this.#tell({ kind: "opened", position, bytes, setAside });
        }
        case "batch":
          if (this.failure !== undefined) throw this.failure;
          this.#keeper?.take(message.batch, message.wall);
          return this.#tell({ kind: "stored", bytes: this.#keeper?.bytes ?? 0 });
        case "question": {
          const answer = this.#keeper?.answer(message.question);
          if (answer === undefined) throw new Error("It is not open");
          return this.#tell({ kind: "answer", id: message.id, answer });
        }
        case "close":
          this.#keeper?.close(message.wall);
          this.#keeper = undefined;
          return this.#tell({ kind: "closed" });
      }
    } catch (error) {
      if (isDamage(error)) throw error;
      this.#keeper?.abandon();
      this.#keeper = undefined;
      if (message.kind === "batch") this.#tell({ kind: "stored", bytes: 0 });
      this.#tell({ kind: "failed", words: String(error) });
    }
  }
}
