import fc from "fast-check";
import { KeyRing } from "../../src/journal/mod.ts";
import { JournalWorld, type Kind, type Step } from "./journal_world.ts";

/** A step, or calls of the file system that fail from now on. */
type Happening = Step | {
  readonly kind: "fault";
  readonly after: number;
  readonly code: string;
  readonly times: number;
};

/** Steps and faults. @param trims how often a trim is among them */
const happening = (trims: number): fc.Arbitrary<Happening> =>
  fc.oneof(
    {
      weight: 6,
      arbitrary: fc.record({
        kind: fc.constant("append" as const),
        sizes: fc.array(fc.nat(120), { minLength: 1, maxLength: 6 }),
        gap: fc.oneof({ weight: 4, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.nat(5) }),
      }),
    },
    {
      weight: 4,
      arbitrary: fc.record({ kind: fc.constantFrom("sync", "write", "read", "reopen", "kill") }),
    },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant("cut" as const), back: fc.nat(8) }) },
    { weight: trims, arbitrary: fc.record({ kind: fc.constant("trim" as const), back: fc.nat(8) }) },
    {
      weight: 1,
      arbitrary: fc.record({
        kind: fc.constant("power_cut" as const),
        luck: fc.nat(1000),
        names: fc.boolean(),
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        kind: fc.constant("fault" as const),
        after: fc.nat(12),
        code: fc.constantFrom("EIO", "ENOSPC", "short"),
        times: fc.constantFrom(1, 2, 1000),
      }),
    },
  );

const keys = await KeyRing.of(new Uint8Array(32).fill(7));
const KINDS: readonly (Kind & { readonly name: string; readonly runs: number })[] = [
  { name: "a group", sync: "group", keys: undefined, runs: 300 },
  { name: "a manual", sync: "manual", keys: undefined, runs: 300 },
  // Beyond the bytes of a body all of it is the same code.
  { name: "an encrypted group", sync: "group", keys, runs: 100 },
  { name: "an encrypted manual", sync: "manual", keys, runs: 100 },
  { name: "a packed group", sync: "group", keys: undefined, pack: true, runs: 300 },
  { name: "a packed manual", sync: "manual", keys: undefined, pack: true, runs: 200 },
  { name: "a packed and encrypted group", sync: "group", keys, pack: true, runs: 100 },
  { name: "a recycling group", sync: "group", keys: undefined, recycle: true, runs: 600 },
  { name: "a recycling manual", sync: "manual", keys: undefined, recycle: true, runs: 300 },
  { name: "a recycling and encrypted group", sync: "group", keys, recycle: true, runs: 100 },
  {
    name: "a recycling and packed group",
    sync: "group",
    keys: undefined,
    pack: true,
    recycle: true,
    runs: 300,
  },
];

for (const { name, runs, ...kind } of KINDS) {
  Deno.test(`J1, J9: ${name} journal behaves like a list, through crashes, power cuts and failing calls`, async () => {
    // Only what is trimmed can be recycled.
    const each = happening(kind.recycle === true ? 5 : 1);
    await fc.assert(
      fc.asyncProperty(fc.array(each, { maxLength: 40, size: "max" }), (all) => behaves(kind, all)),
      { numRuns: runs },
    );
  });
}

/** Steps by which another process begins. */
const BEGINS: ReadonlySet<Happening["kind"]> = new Set<Happening["kind"]>(["reopen", "kill", "power_cut"]);

async function behaves(kind: Kind, all: readonly Happening[]): Promise<void> {
  const world = new JournalWorld(kind);
  for (const each of all) {
    if (each.kind !== "fault") {
      // A process that begins finds a sound disk: two troubles one upon the other can cost what J10 says.
      if (world.journal === undefined || BEGINS.has(each.kind)) world.fault = undefined;
      await world.take(each);
      continue;
    }
    const from = world.operations + each.after;
    let left = each.times;
    world.fault = (operation, _path, number) => {
      // What a dying disk does to reading is the matter of journal_faults_test.ts.
      if (number < from || operation === "read" || operation === "open" || left <= 0) return undefined;
      left--;
      return each.code;
    };
  }
  world.fault = undefined;
  await world.restart(world.files);
  await world.journal?.close();
}

// Cases that failed once, as data.

const GROUP: Kind = { sync: "group", keys: undefined };

/** The disk fails twice in a row, at whichever calls: which ones they were may change with the next line of code. */
async function failingTwice(steps: (fault: Happening) => readonly Happening[]): Promise<void> {
  for (let after = 0; after < 16; after++) {
    await behaves(GROUP, steps({ kind: "fault", after, code: "EIO", times: 2 }));
  }
}

Deno.test("J9, seed 1320751356: a file that the disk would not let go outlives the segment that took its place", async () => {
  await failingTwice((fault) => [
    { kind: "append", sizes: [0], gap: 0 },
    { kind: "sync" },
    fault,
    { kind: "append", sizes: [66, 32, 35, 0], gap: 0 },
    { kind: "append", sizes: [0, 0, 0, 0, 0], gap: 0 },
    { kind: "append", sizes: [0], gap: 0 },
    { kind: "cut", back: 0 },
    { kind: "trim", back: 0 },
  ]);
});

Deno.test("J9, seed 1953739953: the same before a cut", async () => {
  await failingTwice((fault) => [
    { kind: "append", sizes: [0, 0], gap: 0 },
    { kind: "cut", back: 0 },
    { kind: "append", sizes: [0, 0], gap: 0 },
    { kind: "append", sizes: [0], gap: 0 },
    fault,
    { kind: "cut", back: 4 },
  ]);
});

Deno.test("J9, seed 1676970789: a trim in the middle of the making of a segment", async () => {
  await behaves(GROUP, [
    { kind: "append", sizes: [47, 0, 88], gap: 0 },
    { kind: "sync" },
    { kind: "append", sizes: [74], gap: 0 },
    { kind: "write" },
    { kind: "append", sizes: [10, 28, 97], gap: 0 },
    { kind: "append", sizes: [0], gap: 0 },
    { kind: "trim", back: 0 },
    { kind: "append", sizes: [74], gap: 0 },
  ]);
});

Deno.test("J8, J18, seed 53127298: nobody reads what a failed fsync has left where the successor's number is not the next", async () => {
  const packing: Kind = { sync: "group", keys: undefined, pack: true };
  for (const kind of [GROUP, packing, { ...packing, recycle: true }]) {
    for (let luck = 0; luck < 6; luck++) {
      await behaves(kind, [
        { kind: "append", sizes: [80, 75], gap: 0 },
        { kind: "append", sizes: [106, 55, 100], gap: 0 },
        { kind: "sync" },
        { kind: "fault", after: 0, code: "EIO", times: 1 },
        { kind: "trim", back: 0 },
        { kind: "append", sizes: [0], gap: 0 },
        { kind: "trim", back: 0 },
        { kind: "trim", back: 0 },
        { kind: "trim", back: 0 },
        { kind: "power_cut", luck, names: true },
      ]);
    }
  }
});
