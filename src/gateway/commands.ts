import type { Unavailable } from "../api/mod.ts";
import type { Inbox } from "../buffer/mod.ts";
import type { Command, CommandResult, ResultOf } from "../model/mod.ts";
import type { Parts } from "./parts.ts";

const WAY_OUT = "The gateway is on its way out";

/** Hands what people ask for to the river, as records of the inbox, and tells them what became of it. */
export class Commands {
  readonly #inbox: Pick<Inbox, "command" | "writable">;
  readonly #waiting = new Map<number, (result: CommandResult | Unavailable) => void>();

  /**
   * Begins with nobody waiting.
   *
   * @param inbox where commands are appended
   */
  constructor(inbox: Pick<Inbox, "command" | "writable">) {
    this.#inbox = inbox;
  }

  /** The river takes nothing in any more: whoever still waits is told so. What is durable is done at the next start. */
  close(): void {
    for (const answer of this.#waiting.values()) answer(unavailable(WAY_OUT));
    this.#waiting.clear();
  }

  /** Appends a command; resolves when it is durable and the river has taken it in. Only while the gateway runs. */
  async give<C extends Command>(command: C): Promise<ResultOf<C> | Unavailable> {
    if (!this.#inbox.writable) return unavailable("The inbox takes nothing in at present; see /readyz");
    const { promise, resolve } = Promise.withResolvers<CommandResult | Unavailable>();
    this.#waiting.set(this.#inbox.command(command), resolve);
    const result = await promise;
    if (result.kind === "unavailable" || isOf(command, result)) return result;
    throw new TypeError(`The command "${command.kind}" got the result of "${result.kind}"`);
  }

  /** What became of the command at a position; one of an earlier process is nobody's here. */
  settled(position: number, result: CommandResult): void {
    this.#waiting.get(position)?.(result);
    this.#waiting.delete(position);
  }
}

/** Gives a command to a gateway that may not be up yet, or not any more. */
export function giveCommand<C extends Command>(
  parts: Pick<Parts, "phase"> & { readonly core: { readonly commands: Pick<Commands, "give"> } },
  command: C,
): Promise<ResultOf<C> | Unavailable> {
  switch (parts.phase) {
    case "running":
      return parts.core.commands.give(command);
    case "replaying":
      return Promise.resolve(unavailable("What the inbox held at the start is being processed"));
    case "stopping":
      return Promise.resolve(unavailable(WAY_OUT));
  }
}

function isOf<C extends Command>(command: C, result: CommandResult): result is ResultOf<C> {
  return result.kind === command.kind;
}

function unavailable(detail: string): Unavailable {
  return { kind: "unavailable", detail };
}
