import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { parseOptions, runSim, sim, type SimGateway, type SimIo } from "../../../devices/sim.ts";
import { Receiver } from "../../../devices/simulator/mod.ts";
import { systemClock } from "../../../src/clock.ts";
import { until } from "../../support/until.ts";
import { type Fault, PlainGateway } from "./plain_gateway.ts";

class Screen implements SimIo {
  readonly clock = systemClock;
  readonly end = new AbortController();
  readonly signal = this.end.signal;
  text = "";
  errors = "";
  constructor(readonly isTerminal: boolean) {}
  write(text: string): void {
    this.text += text;
  }
  error(text: string): void {
    this.errors += text;
  }
}

function plain(fault: Fault): (path: string) => Promise<SimGateway> {
  return async (path) => {
    const folder = path.slice(0, path.lastIndexOf("/"));
    const token = await Deno.readTextFile(`${folder}/influx.secret`);
    return new PlainGateway(await Deno.readTextFile(path), token, fault);
  };
}

async function run(fault: Fault, screen: Screen, ...args: string[]): Promise<number> {
  const parsed = parseOptions(args);
  assert(parsed.kind === "run", JSON.stringify(parsed));
  return await runSim(parsed.options, plain(fault), screen);
}

Deno.test("a sound gateway is found sound, with the database away in the middle", async () => {
  const screen = new Screen(false);
  const code = await run("nothing", screen, "--devices=12", "--rate=20", "--seconds=2.5", "--outage=500ms");
  assertStringIncludes(screen.text, "VERDICT: every reading accounted for");
  assertEquals(code, 0);
  assertMatch(screen.text, /outage +0\.5 s, drained in/);
  assertMatch(screen.text, /0 missing, 0 spurious, 0 differing/);
  const first = screen.text.split("\n").find((line) => line.startsWith("{"));
  assert(first !== undefined);
  assertEquals(JSON.parse(first).phase, "running");
});

Deno.test("a database of another's stands behind a cable that can be pulled; what cannot be read back is said", async () => {
  const screen = new Screen(false);
  const receiver = await Receiver.start({ org: "o", bucket: "b", token: "t" });
  const address = `${receiver.url}?org=o&bucket=b&token=t`;
  const code = await run(
    "nothing",
    screen,
    "--devices=4",
    "--seconds=1.5",
    "--rate=20",
    "--outage=400ms",
    "--influx",
    address,
  );
  await receiver.stop();
  assertEquals(code, 0);
  assertMatch(screen.text, /database +not compared, it is read back from version 1 only; only the ledger is/);
  assertMatch(screen.text, /outage +0\.4 s, drained in/);
  assert(receiver.points.points > 0);
});

Deno.test("a point that never arrived is named", async () => {
  const screen = new Screen(false);
  const code = await run("loses a point", screen, "--devices=4", "--rate=20", "--seconds=1.5");
  assertEquals(code, 1);
  assertStringIncludes(screen.text, "VERDICT: not every reading accounted for");
  assertMatch(screen.text, /Missing: (climate|power)\{.*expected/);
});

Deno.test("a value that is not what the device said is named", async () => {
  const screen = new Screen(false);
  const code = await run("bends a value", screen, "--devices=4", "--rate=20", "--seconds=1.5", "--seed=3");
  assertEquals(code, 1);
  assertMatch(screen.text, /Differing: (climate|power)\{.*expected ".*", found ".*"/);
});

Deno.test("a ledger that counts wrong is named, though the database is right", async () => {
  const screen = new Screen(false);
  const code = await run("counts wrong", screen, "--devices=4", "--rate=20", "--seconds=1.5");
  assertEquals(code, 1);
  assertMatch(screen.text, /The ledger says readings\.unchanged = \d+, published were \d+/);
  assertMatch(screen.text, /0 missing, 0 spurious, 0 differing/);
});

Deno.test("on a terminal one line is rewritten in place", async () => {
  const screen = new Screen(true);
  await run("nothing", screen, "--devices=2", "--rate=10", "--seconds=1");
  assertStringIncludes(screen.text, "\r\x1b[2K00:00 running · published");
  assertEquals(screen.text.includes('{"phase"'), false);
});

Deno.test("a run that names its seed says from when it is, records it, and leaves its points in order", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const screen = new Screen(false);
    const files = ["--record", `${folder}/run`, "--points", `${folder}/points`];
    assertEquals(
      await run("nothing", screen, "--devices=4", "--rate=20", "--seconds=1.5", "--seed=3", ...files),
      0,
    );
    const [head = ""] = (await Deno.readTextFile(`${folder}/run`)).split("\n");
    const { startedAt } = JSON.parse(head);
    assertEquals(startedAt % 86_400_000, 0);
    assertStringIncludes(screen.text, `1.5 s from ${new Date(startedAt).toISOString()}, seed 3\n`);
    const lines = (await Deno.readTextFile(`${folder}/points`)).trimEnd().split("\n");
    assertEquals(lines, [...lines].sort());
    assertStringIncludes(screen.text, `database      ${lines.length} points`);
    assertEquals(lines.filter((line) => line.includes("sim_run")), []);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("a run that is ended early comes to its verdict, and says that another need not be like it", async () => {
  const screen = new Screen(false);
  const ended = run("nothing", screen, "--devices=4", "--rate=20", "--seconds=60");
  await until("the devices publish", () => screen.text.includes('{"phase"'), { timeout: 30_000 });
  screen.end.abort();
  assertEquals(await ended, 0);
  assertStringIncludes(screen.text, "not all that fell due: it was ended early");
});

Deno.test("a file for the points that cannot be written is said before the run, not after it", async () => {
  const screen = new Screen(false);
  assertEquals(await run("nothing", screen, "--seconds=3600", "--points=/nowhere/points"), 1);
  assertStringIncludes(screen.errors, "/nowhere/points");
});

Deno.test("a folder that holds something is refused, and nothing is started", async () => {
  const folder = await Deno.makeTempDir();
  await Deno.writeTextFile(`${folder}/precious.txt`, "");
  const screen = new Screen(false);
  const code = await run("nothing", screen, "--data-dir", folder);
  assertEquals(code, 2);
  assertStringIncludes(screen.errors, "precious.txt");
  await Deno.remove(folder, { recursive: true });
});

Deno.test("a gateway that does not start is said, and what was begun is undone", async () => {
  const screen = new Screen(false);
  const parsed = parseOptions(["--seconds=1"]);
  assert(parsed.kind === "run");
  let folder = "";
  const code = await runSim(parsed.options, (path) => {
    folder = path.slice(0, path.lastIndexOf("/"));
    return Promise.reject(new Error("No rules"));
  }, screen);
  assertEquals(code, 1);
  assertEquals(screen.errors, "The simulation failed: No rules\n");
  assertEquals(await Deno.stat(folder).then(() => "there", () => "gone"), "gone");
});

Deno.test("wrong usage exits with 2 and says what is allowed", async () => {
  const screen = new Screen(false);
  const code = await sim(["--devices", "many"], plain("nothing"), screen);
  assertEquals(code, 2);
  assertStringIncludes(
    screen.errors,
    `Option --devices is "many"; allowed is a whole number from 1 to 10000`,
  );
});
