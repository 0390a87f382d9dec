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
import { formatDuration } from "../../src/config/mod.ts";
import { encodeLine } from "../../src/forward/mod.ts";
import { type Ledger, refusalText } from "../../src/model/mod.ts";
import { messageOf, RiverBench, START } from "../unit/pipeline/river_bench.ts";
import {
  type Case,
  caseNames,
  caseRules,
  FOLDER,
  LINE,
  messageLine,
  milliseconds,
  parseCase,
} from "./golden_case.ts";

/** Moments as they stand in a case: `@1s` for START and a second, `@-1h` for an hour before it. */
function moment(ms: number, ns = 0): string {
  const since = ms - START;
  const text = since === 0 ? "0s" : formatDuration(Math.abs(since));
  return `@${since < 0 ? "-" : ""}${text}${ns === 0 ? "" : `+${ns}ns`}`;
}

/** What the river makes of a case, as text. */
async function run({ files, messages }: Case): Promise<string> {
  const bench = new RiverBench(await caseRules(files, "gateway.yaml"));
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
    else if (what === "reload") bench.rules(await caseRules(files, more));
    else {
      const message = messageLine(line, START);
      assert(message !== undefined, `"${line}" is no message`);
      const { flags, topic, payload } = message;
      const id = flags.find((flag) => flag.startsWith("id="))?.slice(3) ?? "0";
      const [dup, retain] = [flags.includes("dup"), flags.includes("retain")];
      bench.message({ ...messageOf(topic, "", { packetId: Number(id), dup, retain }), payload }, {
        wall: elapsed + ahead,
      });
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

const names = caseNames();

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
