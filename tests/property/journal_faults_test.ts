import { assert } from "@std/assert";
import fc from "fast-check";
import { KeyRing } from "../../src/journal/mod.ts";
import type { Fault, FileOperation, MemoryFiles } from "../support/memory_files.ts";
import { JournalWorld, type Kind, type Step } from "./journal_world.ts";

/** Everything an owner does, over several segments and several lives. */
const SCRIPT: readonly Step[] = [
  { kind: "append", sizes: [40, 0, 90], gap: 0 },
  { kind: "sync" },
  { kind: "append", sizes: [120, 120, 30], gap: 3 },
  { kind: "write" },
  { kind: "append", sizes: [60], gap: 0 },
  { kind: "sync" },
  { kind: "retry" },
  { kind: "read" },
  { kind: "reopen" },
  { kind: "append", sizes: [100, 100, 100], gap: 0 },
  { kind: "sync" },
  { kind: "trim", back: 3 },
  { kind: "append", sizes: [20, 20], gap: 0 },
  { kind: "kill" },
  { kind: "append", sizes: [80, 80, 80, 80], gap: 1 },
  { kind: "sync" },
  { kind: "read" },
  { kind: "cut", back: 2 },
  { kind: "append", sizes: [50, 50], gap: 0 },
  { kind: "sync" },
  { kind: "append", sizes: [70], gap: 0 },
  { kind: "power_cut", luck: 414, names: false },
  { kind: "append", sizes: [30, 30, 30], gap: 0 },
  { kind: "sync" },
  // The marker that proves the last group durable is lost: the next start has to make it so once more.
  { kind: "power_cut", luck: 0, names: false },
  { kind: "append", sizes: [10], gap: 0 },
  { kind: "sync" },
  { kind: "retry" },
  { kind: "read" },
];

/** The same, and trims whose files come back as segments, in two lives. */
const RECYCLING: readonly Step[] = [
  ...SCRIPT,
  ...[1, 2].flatMap((): Step[] => [
    { kind: "append", sizes: [110, 110], gap: 0 },
    { kind: "sync" },
    { kind: "append", sizes: [110, 110], gap: 0 },
    { kind: "sync" },
    { kind: "trim", back: 1 },
    { kind: "append", sizes: [110, 110], gap: 0 },
    { kind: "sync" },
    { kind: "append", sizes: [20], gap: 0 },
    { kind: "sync" },
    { kind: "read" },
    { kind: "append", sizes: [30], gap: 0 },
    { kind: "power_cut", luck: 415, names: false },
  ]),
];

/** How a disk fails from its n-th call on. */
const WAYS = {
  once: (n: number, code: string): Fault => (_operation, _path, number) => number === n ? code : undefined,
  twice: (n: number, code: string): Fault => (_operation, _path, number) =>
    number === n || number === n + 1 ? code : undefined,
  "for ever": (n: number, code: string): Fault => (_operation, _path, number) =>
    number >= n ? code : undefined,
  "for ever, calls of that kind": (n: number, code: string): Fault => {
    let kind: FileOperation | undefined;
    return (operation, _path, number) => {
      if (number === n) kind = operation;
      return operation === kind ? code : undefined;
    };
  },
} as const;

const CODES = ["EIO", "ENOSPC", "EROFS", "short"] as const;

/** One run under a fault, then the truth: what is left on three kinds of disks. Returns whether the fault came. */
async function survives(kind: Kind, script: readonly Step[], fault: Fault): Promise<boolean> {
  const world = new JournalWorld(kind);
  let hit = false;
  world.fault = (operation, path, number) => {
    const code = fault(operation, path, number);
    if (code === undefined) return undefined;
    hit = true;
    if (operation === "read" || operation === "open" || operation === "list") world.unreadable = true;
    return code;
  };
  for (const step of script) await world.take(step);
  await rests(world);
  return hit;
}

/** Without a fault: everything acknowledged is there, and the journal takes more. */
async function rests(world: JournalWorld): Promise<void> {
  world.fault = undefined;
  const owed = new Set(world.owed);
  const appended = new Map(world.appended);
  const left: MemoryFiles[] = [
    world.files.afterPowerCut(),
    world.files.afterPowerCut(undefined, "all"),
    world.files.afterKill(),
  ];
  for (const files of left) {
    world.owed.clear();
    world.appended.clear();
    for (const at of owed) world.owed.add(at);
    for (const [at, body] of appended) world.appended.set(at, body);
    await world.restart(files);
    assert(await world.take({ kind: "append", sizes: [5], gap: 0 }));
    assert(await world.take({ kind: "sync" }));
    assert(world.owed.has(world.last));
    assert(await world.take({ kind: "reopen" }));
  }
  await world.journal?.close();
}

const keys = await KeyRing.of(new Uint8Array(32).fill(7));
const KINDS: readonly (Kind & { readonly name: string })[] = [
  { name: "a group", sync: "group", keys: undefined },
  { name: "a manual", sync: "manual", keys: undefined },
  { name: "an encrypted group", sync: "group", keys },
  { name: "a packed group", sync: "group", keys: undefined, pack: true },
  { name: "a recycling group", sync: "group", keys: undefined, recycle: true },
  { name: "a recycling manual", sync: "manual", keys: undefined, recycle: true },
];

for (const { name, ...kind } of KINDS) {
  for (const [times, way] of Object.entries(WAYS)) {
    Deno.test(`J9: ${name} journal keeps what it acknowledged, whichever call fails, ${times}`, async () => {
      const script = kind.recycle === true ? RECYCLING : SCRIPT;
      for (const code of kind.keys === undefined ? CODES : (["EIO", "short"] as const)) {
        let n = 1;
        while (await told(`${code} at call ${n}`, () => survives(kind, script, way(n, code)))) n++;
        assert(n > 150, `the script makes only ${n} calls`);
      }
    });
  }
}

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant("append" as const),
      sizes: fc.array(fc.nat(120), { minLength: 1, maxLength: 5 }),
      gap: fc.nat(2),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constantFrom("sync", "write", "retry", "read", "reopen", "kill") }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constantFrom("cut", "trim"), back: fc.nat(5) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant("power_cut" as const),
      luck: fc.nat(1000),
      names: fc.boolean(),
    }),
  },
);

Deno.test("J9: so does any other script, whichever of its calls fails", async () => {
  const scripts = fc.array(step, { minLength: 1, maxLength: 9, size: "max" });
  const kinds = fc.constantFrom<Kind>(...KINDS.slice(0, 2), ...KINDS.slice(-2));
  await fc.assert(
    fc.asyncProperty(
      scripts,
      kinds,
      fc.constantFrom(...CODES),
      fc.constantFrom(...Object.values(WAYS)),
      async (script, kind, code, way) => {
        for (let n = 1; await told(`call ${n}`, () => survives(kind, script, way(n, code))); n++);
      },
    ),
    { numRuns: 30 },
  );
});

/** Says at which call it went wrong. */
async function told<T>(where: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw new Error(where, { cause: error });
  }
}
