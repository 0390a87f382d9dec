import { needService } from "./services.ts";
import { textOf } from "./text_of.ts";

/** A system call that the shim can strike; `rename` and `link` are named by their new path. */
export type ShimmedCall =
  | "write"
  | "fdatasync"
  | "fsync"
  | "open"
  | "rename"
  | "unlink"
  | "link"
  | "ftruncate";

/** One fault of the disk. */
export interface DiskFault {
  readonly call: ShimmedCall;
  /** Part of the file's path; default any. No spaces. */
  readonly path?: string;
  /** So many matching calls pass first; default 0. */
  readonly skip?: number;
  /** So many calls are hit then; default 1; `Infinity` for all. */
  readonly times?: number;
  /**
   * What happens: the call fails with an error number, a write takes so many bytes only, the call is late by so many
   * ms, or the process is killed (`kill -9`) before or after the call.
   */
  readonly action:
    | { readonly error: keyof typeof ERRNO }
    | { readonly short: number }
    | { readonly delay: number }
    | "kill-before"
    | "kill-after";
}

/** Error numbers of Linux. */
const ERRNO = { EIO: 5, ENOSPC: 28, EROFS: 30 } as const;

/** A fault that came: which call, what was done to it, on which path. */
export interface ShimHit {
  readonly call: string;
  readonly action: string;
  readonly path: string;
}

/**
 * Faults of the disk for one process: a small library between it and the system's, preloaded, whose rules can be
 * changed while the process runs.
 */
export class SyscallShim implements AsyncDisposable {
  /** Environment that puts a process under the shim. */
  readonly env: Readonly<Record<string, string>>;
  readonly #folder: string;

  private constructor(folder: string) {
    this.#folder = folder;
    this.env = { LD_PRELOAD: `${folder}/shim.so`, SHIM_RULES: `${folder}/rules` };
  }

  /**
   * Compiles the shim; nothing is struck yet.
   *
   * @returns the shim, or `undefined` where there is no C compiler (the reason is printed)
   */
  static async make(): Promise<SyscallShim | undefined> {
    const compiler = needService("cc");
    if (compiler === undefined) return undefined;
    const folder = await Deno.makeTempDir({ prefix: "sluice_shim_" });
    const source = new URL("./syscall_shim.c", import.meta.url).pathname;
    const { success, stderr } = await new Deno.Command(compiler, {
      args: ["-shared", "-fPIC", "-O1", "-o", `${folder}/shim.so`, source, "-ldl"],
    }).output();
    if (!success) throw new Error(`The shim does not compile: ${new TextDecoder().decode(stderr)}`);
    return new SyscallShim(folder);
  }

  /** Puts these faults in force, in the place of those before; none ends them all. */
  async strike(...faults: readonly DiskFault[]): Promise<void> {
    const lines = faults.map(({ call, path = "*", skip = 0, times = 1, action }) =>
      [call, path, skip, times === Infinity ? -1 : times, words(action)].join(" ")
    );
    // Renamed into place: the process never reads half a file.
    await Deno.writeTextFile(`${this.#folder}/rules.new`, lines.map((line) => `${line}\n`).join(""));
    await Deno.rename(`${this.#folder}/rules.new`, `${this.#folder}/rules`);
  }

  /** The rules in force, a line each. */
  async rules(): Promise<string> {
    return await Deno.readTextFile(`${this.#folder}/rules`).catch(() => "");
  }

  /** The faults that came so far, in their order. */
  async hits(): Promise<ShimHit[]> {
    const text = await textOf(`${this.#folder}/rules.hits`);
    return text.split("\n").filter((line) => line !== "").map((line) => {
      const [call = "", action = "", ...path] = line.split(" ");
      return { call, action, path: path.join(" ") };
    });
  }

  /** Removes its folder. */
  async [Symbol.asyncDispose](): Promise<void> {
    await Deno.remove(this.#folder, { recursive: true });
  }
}

function words(action: DiskFault["action"]): string {
  if (typeof action === "string") return action;
  if ("error" in action) return `error ${ERRNO[action.error]}`;
  return "short" in action ? `short ${action.short}` : `delay ${action.delay}`;
}
