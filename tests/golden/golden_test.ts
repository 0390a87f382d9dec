/**
 * Golden cases. Each `*.txt` beside this file holds, above a line of dashes, a configuration and what came in, and
 * below it what the river made of that. `UPDATE_GOLDEN=1 deno test -A tests/golden` writes the lower part anew;
 * the diff of it is then read by a person.
 *
 * ```
 * What the case shows, in prose.
 *
 * == gateway.yaml ==
 * == profiles/room.yaml ==
 * == messages ==
 * 1s plant/k1 {"ts": @1s, "t": 20}          journal time, topic, payload; `@1s` is that moment in the device's time
 * 2s dup id=7 plant/k1 …                    flags: dup, retain, id=<packet identifier>
 * 2s plant/k1 hex:a16174 14                 a payload of bytes
 * 3s tick | session resumed | session lost | still 2h | reload other.yaml
 * ```
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { formatDuration, loadConfig, parseDuration, renderProblem } from "../../src/config/mod.ts";
import { encodeLine } from "../../src/forward/mod.ts";
import { type Ledger, refusalText, type Rules } from "../../src/model/mod.ts";
import { messageOf, RiverBench, START } from "../unit/pipeline/river_bench.ts";
import { memorySources } from "../unit/config/memory_sources.ts";

const FOLDER = new URL(".", import.meta.url).pathname;
const LINE = "-".repeat(80);
const SMALLEST = "subscriptions:";

interface Case {
  /** Everything above the line, as it stands in the file. */
  readonly above: string;
  readonly files: Readonly<Record<string, string>>;
  readonly messages: readonly string[];
  readonly below: string;
}

function parseCase(name: string, text: string): Case {
  const [above = "", below] = text.split(`\n${LINE}\n`);
  const files: Record<string, string> = {};
  for (const part of above.split(/^== /m).slice(1)) {
    const [, file = "", body = ""] = /^(\S+) ==\n([^]*)$/.exec(part) ?? [];
    files[file] = body;
  }
  const { messages, ...rest } = files;
  assert(messages !== undefined, `${name} has no "== messages =="`);
  const lines = messages.split("\n").map((line) => line.trim()).filter((line) => line !== "");
  return { above, files: rest, messages: lines, below: below ?? "" };
}

async function rulesOf(files: Case["files"], file: string): Promise<Rules> {
  assert(files[file]?.includes(SMALLEST), `There is no configuration "${file}"`);
  const loaded = await loadConfig(file, memorySources(files));
  if (!loaded.ok) throw new Error(loaded.problems.map(renderProblem).join("\n"));
  return loaded.rules;
}

function milliseconds(text: string): number {
  const parsed = parseDuration(text === "0" ? "0s" : text);
  if (typeof parsed !== "number") throw new Error(`"${text}" is no duration`);
  return parsed;
}

/** Moments as they stand in a case: `@1s` for START and a second, `@-1h` for an hour before it. */
function moment(ms: number, ns = 0): string {
  const since = ms - START;
  const text = since === 0 ? "0s" : formatDuration(Math.abs(since));
  return `@${since < 0 ? "-" : ""}${text}${ns === 0 ? "" : `+${ns}ns`}`;
}

function withMoments(payload: string): string {
  return payload.replace(
    /@(-?)(\d+(?:ms|[smhd]))/g,
    (_all, sign: string, duration: string) =>
      String(START + (sign === "-" ? -1 : 1) * milliseconds(duration)),
  );
}

function bytesOf(hex: string): Uint8Array {
  return Uint8Array.from(hex.match(/[0-9a-f]{2}/g) ?? [], (pair) => parseInt(pair, 16));
}

/** What the river makes of a case, as text. */
async function run({ files, messages }: Case): Promise<string> {
  const bench = new RiverBench(await rulesOf(files, "gateway.yaml"));
  const told: string[] = [];
  let ahead = 0;
  for (const line of messages) {
    const [time = "", ...words] = line.split(/\s+/);
    const elapsed = milliseconds(time);
    const [what = "", more = ""] = words;
    const { points, refusals, alerts, requests } = bench.out;
    const before = [points.length, refusals.length, alerts.length, requests.length] as const;
    bench.elapsed = elapsed;
    if (what === "tick") bench.tick(elapsed);
    else if (what === "still") ahead += milliseconds(more);
    else if (what === "session") bench.session(more === "resumed");
    else if (what === "reload") bench.rules(await rulesOf(files, more));
    else {
      const flags = words.slice(0, words.findIndex((word) => word.includes("/")));
      const topic = words[flags.length] ?? "";
      const payload = withMoments(line.slice(line.indexOf(topic) + topic.length).trim());
      const id = flags.find((flag) => flag.startsWith("id="))?.slice(3) ?? "0";
      const [dup, retain] = [flags.includes("dup"), flags.includes("retain")];
      const message = messageOf(topic, payload, { packetId: Number(id), dup, retain });
      const bytes = payload.startsWith("hex:") ? { payload: bytesOf(payload.slice(4)) } : {};
      bench.message({ ...message, ...bytes }, { wall: elapsed + ahead });
    }
    const made = output(bench, ...before);
    if (made.length > 0) {
      told.push(`${time} ${what}${what.includes("/") || more === "" ? "" : ` ${more}`}`, ...made);
    }
  }
  return [...told, ...ledgerText(bench.ledger, bench.out.delivered()), ""].join("\n");
}

function output(
  { out }: RiverBench,
  points: number,
  refusals: number,
  alerts: number,
  requests: number,
): string[] {
  return [
    ...out.points.slice(points).map((point) => {
      const line = encodeLine({ ...point, ms: 0, ns: 0 }).slice(0, -2);
      const time = moment(point.ms, point.ns);
      return `  point   ${line} ${time} (${point.readings})${point.correction ? " correction" : ""}`;
    }),
    ...out.refusals.slice(refusals).map(({ refusal, what, readings }) =>
      `  refused ${what} ${refusal.reason}${readings > 0 ? ` (${readings})` : ""}: ${refusalText(refusal)}`
    ),
    ...out.requests.slice(requests).map((topic) => `  asked   ${topic}`),
    ...out.alerts.slice(alerts).map(({ transition, severity, summary, at, reason }) =>
      `  alert   ${transition}${reason === null ? "" : ` (${reason})`} ${severity} ${moment(at)}: ${summary}`
    ),
  ];
}

function ledgerText({ messages, readings, beside }: Ledger, inPoints: number): string[] {
  const counts = (of: object): string =>
    Object.entries(of).filter(([, count]) => count !== 0).map(([name, count]) => `${name}=${count}`).join(
      " ",
    );
  const lines = [
    `ledger  messages ${counts(messages)}`,
    `ledger  readings ${counts({ ...readings, delivered: inPoints })}`,
  ];
  return counts(beside) === "" ? lines : [...lines, `ledger  beside ${counts(beside)}`];
}

const names = [...Deno.readDirSync(FOLDER)].map(({ name }) => name).filter((name) => name.endsWith(".txt"))
  .sort();

for (const name of names) {
  const text = Deno.readTextFileSync(FOLDER + name);
  Deno.test(`golden ${name}: ${text.split("\n", 1)[0]}`, async () => {
    const found = parseCase(name, text);
    const made = await run(found);
    if (Deno.env.get("UPDATE_GOLDEN") === "1") {
      await Deno.writeTextFile(FOLDER + name, `${found.above}\n${LINE}\n${made}`);
    } else assertEquals(made.split("\n"), found.below.split("\n"));
  });
}

Deno.test("there are golden cases", () => {
  assert(names.length >= 10, `${names.length} cases`);
});
