import { textOf, valueOf } from "./args.ts";
import { configOf } from "./find_config.ts";
import type { Command } from "./command.ts";

const HELP = `
  The gateway keeps an account of what the database took: for each device, measurement and UTC day how many values (a
  value is one field of one series at one time, counted once however often it is sent) and their sum. This command asks
  the database for the same figures and prints what differs, the totals, and a verdict. It changes nothing.

  --since TIME       the first day: a date (2026-03-01), a moment (2026-03-01T00:00:00Z) or a duration before now (7d).
  --until TIME       The day of --until is left out where it stands at its beginning. Whole UTC days are compared; left
                     out: as far as the account goes, the newest 14 days
  --url URL          the gateway's API; left out: the address of api.listen
  --token-file FILE  an API token with the role viewer, where the API asks for one
  --data-dir DIR     reads the account of a gateway that was stopped from its data folder
  --patience TIME    how long a difference may last before it is believed (7s): a database shows what it took after a
                     while
  --json             prints one JSON object

  Values that the database refused, or that were given up for space or age, are not expected, and told. Those on their
  way may be there or not. Where "expected" is a range, some values came out of order, and the gateway does not remember
  whether they overwrote others.

  exit codes: 0 agreement · 1 difference · 2 nothing was compared: wrong usage or configuration, or no answer
`;

/** `verify` on the command line. */
export const VERIFY: Command = {
  usage: "verify [--config gateway.yaml] [--since TIME] [--until TIME] [--url http://127.0.0.1:8080] " +
    "[--token-file FILE] [--data-dir DIR] [--patience 7s] [--json]",
  about:
    "asks the database for what the gateway says it delivered, and prints agreement or the difference: exit 0 or 1, " +
    "2 where nothing was compared",
  help: HELP,
  options: {
    config: "value",
    since: "value",
    until: "value",
    url: "value",
    "token-file": "value",
    "data-dir": "value",
    patience: "value",
    json: "flag",
  },
  run: async (args, io) => {
    const { verify } = await import("./verify.ts");
    return await verify(
      {
        config: await configOf(textOf(args, "config"), io.sources),
        since: textOf(args, "since"),
        until: textOf(args, "until"),
        url: textOf(args, "url"),
        tokenFile: textOf(args, "token-file"),
        dataDir: textOf(args, "data-dir"),
        patience: valueOf(args, "patience", "7s"),
        json: args.options.has("json"),
      },
      io,
      Date.now(),
    );
  },
};
