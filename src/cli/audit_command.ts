import { textOf, valueOf } from "./args.ts";
import type { Command } from "./command.ts";

/** `audit`, as the command line knows it. */
export const AUDIT: Command = {
  usage: "audit verify --data-dir DIR [--key-file FILE]",
  about: "checks the hash chain of who did what, also beside a running gateway: unbroken, or the first break",
  options: { "data-dir": "value", "key-file": "value" },
  run: async (args, io) => {
    const { audit } = await import("./audit.ts");
    const { systemClock } = await import("../clock.ts");
    return await audit(
      {
        action: args.words[0] ?? "",
        dataDir: valueOf(args, "data-dir", "data"),
        keyFile: textOf(args, "key-file"),
      },
      io,
      (ms) => systemClock.sleep(ms),
    );
  },
};
