import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { Journal, JournalError, type JournalOptions, KeyRing, position } from "../../src/journal/mod.ts";
import { MemoryFiles } from "../support/memory_files.ts";

/** What the journal should hold: position → body, and how far it was acknowledged. */
interface Model {
  entries: Map<number, string>;
  last: number;
  acknowledged: number;
  trimmed: number;
}

interface World {
  files: MemoryFiles;
  journal: Journal;
  timers: Set<() => void>;
}

type Step =
  | { readonly kind: "append"; readonly sizes: readonly number[]; readonly gap: number }
  | { readonly kind: "sync" | "write" | "read" | "reopen" | "kill" }
  | { readonly kind: "cut"; readonly back: number }
  | { readonly kind: "trim"; readonly back: number }
  | { readonly kind: "power_cut"; readonly luck: number; readonly names: boolean }
  | { readonly kind: "fault"; readonly after: number; readonly code: string; readonly times: number };

const STEP: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant("append" as const),
      sizes: fc.array(fc.nat(120), { minLength: 1, maxLength: 6 }),
      gap: fc.oneof({ weight: 4, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.nat(5) }),
    }),
  },
  { weight: 4, arbitrary: fc.record({ kind: fc.constantFrom("sync", "write", "read", "reopen", "kill") }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("cut" as const), back: fc.nat(8) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("trim" as const), back: fc.nat(8) }) },
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

let salt = 1n;

/** How a world's journals are written. */
interface Kind {
  readonly sync: "group" | "manual";
  readonly keys: KeyRing | undefined;
}

function options(world: Pick<World, "files" | "timers">, { sync, keys }: Kind): JournalOptions {
  return {
    folder: "/j",
    files: world.files,
    segmentBytes: 400,
    sync,
    keys,
    salt: () => salt = BigInt.asUintN(64, salt * 6364136223846793005n + 1442695040888963407n),
    wall: () => 1_000,
    after: (_ms, fire) => {
      world.timers.add(fire);
      return { cancel: () => void world.timers.delete(fire) };
    },
  };
}

async function read(journal: Journal, from: number): Promise<Map<number, string>> {
  const cursor = journal.read(position(from));
  const found = new Map<number, string>();
  try {
    for (;;) {
      const some = await cursor.next(150);
      if (some.length === 0) return found;
      for (const entry of some) {
        assert(!found.has(entry.position), `position ${entry.position} came twice`);
        found.set(entry.position, new TextDecoder().decode(entry.body));
      }
    }
  } finally {
    cursor.close();
  }
}

async function reopen(
  world: World,
  model: Model,
  kind: Kind,
  files: MemoryFiles,
): Promise<World> {
  world.files.fault = undefined;
  await world.journal.close().catch(() => {});
  files.fault = undefined;
  const timers = new Set<() => void>();
  const journal = await Journal.open(options({ files, timers }, kind));
  const next = { files, timers, journal };
  assertEquals(journal.recovery.damages.filter(({ kind }) => kind === "corrupt"), []);
  const found = await read(journal, 1);
  const expected = [...model.entries].filter(([at]) => at <= model.acknowledged && at > model.trimmed);
  for (const [at, body] of expected) assertEquals(found.get(at), body, `position ${at} was acknowledged`);
  for (const [at, body] of found) {
    assertEquals(body, model.entries.get(at), `position ${at} is not what was appended`);
  }
  // Unacknowledged records survive as a prefix: none is missing between two that are there.
  const appended = [...model.entries.keys()].filter((at) => at >= Math.min(...found.keys())).sort((a, b) =>
    a - b
  );
  assertEquals([...found.keys()], appended.slice(0, found.size));
  model.entries = found;
  model.last = journal.last;
  model.acknowledged = journal.last;
  return next;
}

async function take(step: Step, world: World, model: Model, kind: Kind): Promise<World> {
  const { journal, files } = world;
  switch (step.kind) {
    case "append":
      for (const [i, size] of step.sizes.entries()) {
        const at = model.last + 1 + (i === 0 ? step.gap : 0);
        const body = String(at).padEnd(size, "abc");
        try {
          journal.append(i, new TextEncoder().encode(body), position(at));
        } catch (error) {
          assert(error instanceof JournalError && error.reason === "fatal", String(error));
          return await reopen(world, model, kind, files.afterKill());
        }
        model.entries.set(at, body);
        model.last = at;
      }
      return world;
    case "sync":
      await journal.sync().catch((error) => assert(error instanceof JournalError));
      return world;
    case "write":
      await journal.write().catch((error) => assert(error instanceof JournalError));
      return world;
    case "read": {
      if (files.fault !== undefined) return world;
      const upTo = kind.sync === "group" ? journal.durable : journal.written;
      const expected = [...model.entries].filter(([at]) => at <= upTo && at >= journal.first);
      const found = await read(journal, 1);
      for (const [at, body] of expected) assertEquals(found.get(at), body, `position ${at} can be read`);
      return world;
    }
    case "reopen":
      return await reopen(world, model, kind, files);
    case "kill":
      return await reopen(world, model, kind, files.afterKill());
    case "power_cut": {
      const survival = (_path: string, synced: Uint8Array, written: Uint8Array): Uint8Array => {
        if (written.length <= synced.length) return synced;
        const kept = written.slice(
          0,
          synced.length + (step.luck * 7919) % (written.length - synced.length + 1),
        );
        // The last block may have reached the disk as zeros or in part.
        if (step.luck % 3 === 0) kept.fill(0, synced.length + ((kept.length - synced.length) >> 1));
        return kept;
      };
      return await reopen(world, model, kind, files.afterPowerCut(survival, step.names ? "all" : "synced"));
    }
    case "cut": {
      if (files.fault !== undefined || journal.trouble !== undefined) return world;
      const border = Math.max(0, model.last - step.back);
      await journal.cutAfter(position(border));
      for (const at of [...model.entries.keys()]) if (at > border) model.entries.delete(at);
      model.last = border;
      return world;
    }
    case "trim": {
      if (files.fault !== undefined) return world;
      await journal.trim(position(Math.max(0, journal.durable - step.back)));
      model.trimmed = journal.first - 1;
      return world;
    }
    case "fault": {
      const from = files.operations + step.after;
      let left = step.times;
      files.fault = (operation, _path, number) => {
        // What a dying disk does to reading is tested elsewhere.
        if (number < from || operation === "read" || operation === "open" || left <= 0) return undefined;
        left--;
        return step.code;
      };
      return world;
    }
  }
}

const keys = await KeyRing.of(new Uint8Array(32).fill(7));
const KINDS: readonly (Kind & { readonly name: string; readonly runs: number })[] = [
  { name: "a group", sync: "group", keys: undefined, runs: 300 },
  { name: "a manual", sync: "manual", keys: undefined, runs: 300 },
  // Beyond the bytes of a body all of it is the same code.
  { name: "an encrypted group", sync: "group", keys, runs: 100 },
  { name: "an encrypted manual", sync: "manual", keys, runs: 100 },
];

for (const { name, runs, ...kind } of KINDS) {
  Deno.test(`J1, J9: ${name} journal behaves like a list, through crashes, power cuts and failing calls`, async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(STEP, { maxLength: 40, size: "max" }), async (steps) => {
        const files = new MemoryFiles();
        const timers = new Set<() => void>();
        let world: World = { files, timers, journal: await Journal.open(options({ files, timers }, kind)) };
        const model: Model = { entries: new Map(), last: 0, acknowledged: 0, trimmed: 0 };
        for (const step of steps) {
          world = await take(step, world, model, kind);
          model.acknowledged = Math.max(0, Math.min(model.last, world.journal.durable));
        }
        await reopen(world, model, kind, world.files).then(({ journal }) => journal.close());
      }),
      { numRuns: runs },
    );
  });
}
