import { textOf, valueOf } from "./args.ts";
import type { Command } from "./command.ts";
import { configOf } from "./find_config.ts";
import { type CliIo, EXIT } from "./io.ts";

const HELP = `
  A message is explained by the configuration alone, as the first one of a device that nothing is known of yet. A
  reading of the past is asked of the running gateway: where its message still is, how it was judged, into which window
  and block it went, and what the database said to that.

  --topic TOPIC           as a device publishes it
  --payload TEXT|@FILE    what it says, or the file that holds it
  --payload-base64 TEXT   the same for bytes
  --device DEVICE         the device of a reading of the past
  --time TIME             its time, a moment with its zone (2026-11-28T14:00:00Z)
  --field FIELD           only this field of it
  --url URL               the gateway's API (http://127.0.0.1:8080)
  --token-file FILE       an API token with the role viewer, where the API asks for one
`;

/** `explain` on the command line. */
export const EXPLAIN: Command = {
  usage: "explain [--config gateway.yaml] --topic TOPIC --payload TEXT|@FILE | --payload-base64 TEXT, or " +
    "explain --device DEVICE --time TIME [--field FIELD] [--url http://127.0.0.1:8080] [--token-file FILE]",
  about: "shows the way of a message, or of a reading of the past, step by step",
  help: HELP,
  options: {
    config: "value",
    topic: "value",
    payload: "value",
    "payload-base64": "value",
    device: "value",
    time: "value",
    field: "value",
    url: "value",
    "token-file": "value",
  },
  run: async (args, io) => {
    const [topic, device, time] = ["topic", "device", "time"].map((name) => valueOf(args, name, ""));
    if (topic === "" && device !== undefined && device !== "" && time !== undefined && time !== "") {
      const { explainPast } = await import("./explain_past.ts");
      const field = textOf(args, "field");
      const url = valueOf(args, "url", "http://127.0.0.1:8080");
      return await explainPast({ device, time, field, url, tokenFile: textOf(args, "token-file") }, io);
    }
    const given = ["payload", "payload-base64"].filter((name) => args.options.has(name));
    const [kind] = given;
    if (topic === "" || topic === undefined || kind === undefined || given.length > 1) return wrong(io);
    const payload = { text: valueOf(args, kind, ""), isBase64: kind === "payload-base64" };
    const { explain } = await import("./explain.ts");
    const config = await configOf(textOf(args, "config"), io.sources);
    return await explain({ config, topic, payload }, io, Date.now());
  },
};

function wrong(io: CliIo): number {
  io.stderr(
    "explain needs --topic and one of --payload, --payload-base64, or --device and --time of a past reading\n",
  );
  return EXIT.usage;
}
