import { textOf, valueOf } from "./args.ts";
import { configOf } from "./find_config.ts";
import type { Command } from "./command.ts";
import { EXIT } from "./io.ts";

/** What `--help` says of it. */
const HELP = `
  --from DIR       the data folder of a gateway, which may run meanwhile; it is only read. First comes what
                   buffer.archive has kept, then the inbox, up to what is safely on disk
  --since TIME     the stretch, by time of receipt: a moment with its zone (2026-11-28T14:00:00Z) or a duration
  --until TIME     before now (2h). --since belongs to it, --until does not; left out: all there is. What lies
                   before it is read too, for the state of windows, alerts and Sparkplug births
  --dry-run        prints the points as line protocol to standard output, and alerts and the summary to standard
                   error; without it the points are written to the database of the configuration. Nobody is
                   notified in either case
  --quarantine     replays the messages of the quarantine instead; their points carry the tag replayed=true, since
                   their windows hold nothing but what was refused. What was redacted cannot be replayed;
                   what a running gateway has taken since is replayed once more, beside it
  --json           prints JSON lines: point, alert, and the summary at the end
  --key-file FILE  keys of an encrypted folder, several with commas between them; left out: those of the
                   configuration's buffer.encrypt_at_rest

  The rules are those of the configuration, whatever was in force then. A window goes out when it can change no more,
  and only if nothing of it is missing: where the archive does not begin with the first message, the first max_future
  (5 minutes) and the window that they end in are left out, as are windows that the gateway still has open. So a replay
  never writes a partial window over a good one, and can be run again, also beside the running gateway.
`;

/** `replay` on the command line. */
export const REPLAY: Command = {
  usage:
    "replay --from DIR [--config gateway.yaml] [--since TIME] [--until TIME] [--dry-run] [--quarantine] [--json] " +
    "[--key-file FILE]",
  about:
    "runs what a data folder still holds of the past through the rules of a configuration, and writes the points " +
    "to the database; --dry-run prints points and alerts instead",
  help: HELP,
  options: {
    from: "value",
    config: "value",
    since: "value",
    until: "value",
    "dry-run": "flag",
    quarantine: "flag",
    json: "flag",
    "key-file": "value",
  },
  run: async (args, io) => {
    const from = valueOf(args, "from", "");
    if (from === "") {
      io.stderr("replay needs --from with a data folder\n");
      return EXIT.usage;
    }
    const { replay } = await import("./replay.ts");
    return await replay(
      {
        config: await configOf(textOf(args, "config"), io.sources),
        from,
        since: textOf(args, "since"),
        until: textOf(args, "until"),
        dryRun: args.options.has("dry-run"),
        quarantine: args.options.has("quarantine"),
        json: args.options.has("json"),
        keyFile: textOf(args, "key-file"),
      },
      io,
      Date.now(),
    );
  },
};
