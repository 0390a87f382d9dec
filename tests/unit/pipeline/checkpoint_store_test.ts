import { assertEquals, assertRejects } from "@std/assert";
import { CHECKPOINT_VERSION, CheckpointStore } from "../../../src/pipeline/mod.ts";
import { encodeCheckpoint } from "../../../src/pipeline/checkpoint_codec.ts";
import { FileError, MemoryFiles } from "../../support/memory_files.ts";

interface Content {
  readonly n: number;
  readonly more: Map<string, number | undefined>;
}

function content(n: number): Content {
  return { n, more: new Map([["a", -Infinity], ["b", NaN], ["c", undefined], ["d", -0]]) };
}

async function written(
  ...numbers: number[]
): Promise<{ files: MemoryFiles; store: CheckpointStore<Content> }> {
  const files = new MemoryFiles();
  const store = new CheckpointStore<Content>(files, "/c");
  await store.load();
  for (const n of numbers) await store.write(store.encode(content(n)));
  return { files, store };
}

async function loaded(files: MemoryFiles): Promise<{ found: number[]; problems: string[] }> {
  const { generations, problems } = await new CheckpointStore<Content>(files, "/c").load();
  return {
    found: generations.map(({ content }) => content.n),
    problems: problems.map(({ problem }) => problem),
  };
}

/** Turns one bit of a checkpoint around. */
function damage(files: MemoryFiles, path: string, at: number): void {
  const bytes = files.bytesOf(path);
  bytes[at] = (bytes[at] ?? 0) ^ 0x10;
  files.put(path, bytes);
}

const names = (files: MemoryFiles): string[] => files.paths().map((path) => path.slice(3));

Deno.test("what was written is found after a power cut, every kind of number in it", async () => {
  const { files } = await written(1);
  const { generations } = await new CheckpointStore<Content>(files.afterPowerCut(), "/c").load();
  assertEquals(generations.map(({ content }) => content), [content(1)]);
});

Deno.test("two generations are kept, the newest first", async () => {
  const { files } = await written(1, 2, 3);
  assertEquals(await loaded(files), { found: [3, 2], problems: [] });
  assertEquals(names(files), ["checkpoint-000000000002", "checkpoint-000000000003"]);
});

Deno.test("where the newest is damaged the older one counts, and the damaged one is kept aside", async () => {
  const { files } = await written(1, 2, 3);
  damage(files, "/c/checkpoint-000000000003", 40);
  assertEquals(await loaded(files), { found: [2], problems: ["damaged"] });
  assertEquals(names(files), ["checkpoint-000000000002", "checkpoint-000000000003.corrupt"]);
});

Deno.test("the next checkpoint after that still leaves two generations", async () => {
  const { files } = await written(1, 2, 3);
  damage(files, "/c/checkpoint-000000000003", 40);
  const store = new CheckpointStore<Content>(files, "/c");
  await store.load();
  await store.write(store.encode(content(4)));
  assertEquals(await loaded(files), { found: [4, 2], problems: [] });
});

Deno.test("where both are damaged there is none, and it says so twice", async () => {
  const { files } = await written(1, 2);
  for (const n of [1, 2]) damage(files, `/c/checkpoint-00000000000${n}`, 30);
  assertEquals(await loaded(files), { found: [], problems: ["damaged", "damaged"] });
});

Deno.test("a checkpoint of a newer version is refused and left as it is", async () => {
  const { files } = await written(1);
  const newer = encodeCheckpoint(content(9), CHECKPOINT_VERSION + 1);
  files.put("/c/checkpoint-000000000002", newer);
  assertEquals(await loaded(files), { found: [1], problems: ["newer_version"] });
  assertEquals(files.bytesOf("/c/checkpoint-000000000002"), newer);
});

Deno.test("what is damaged beside a checkpoint of a newer version is left for that version", async () => {
  const { files } = await written(1);
  damage(files, "/c/checkpoint-000000000001", 40);
  files.put("/c/checkpoint-000000000002", encodeCheckpoint(content(9), CHECKPOINT_VERSION + 1));
  assertEquals(await loaded(files), { found: [], problems: ["damaged", "newer_version"] });
  assertEquals(names(files), ["checkpoint-000000000001", "checkpoint-000000000002"]);
});

Deno.test("a power cut at any moment of writing leaves the checkpoints of before, or the new one", async () => {
  const { files: probe, store } = await written(1, 2);
  const before = probe.operations;
  await store.write(store.encode(content(3)));
  const calls = probe.operations - before;
  const outcomes = new Set<string>();
  for (let at = 1; at <= calls; at++) {
    const { files, store } = await written(1, 2);
    const began = files.operations;
    files.fault = (_operation, _path, number) => number >= began + at ? "EIO" : undefined;
    await store.write(store.encode(content(3))).catch((error) => {
      if (!(error instanceof FileError)) throw error;
    });
    files.fault = undefined;
    const { found, problems } = await loaded(files.afterPowerCut());
    assertEquals(problems, []);
    outcomes.add(found.join());
  }
  assertEquals([...outcomes].filter((each) => !["2,1", "3,2", "3,2,1"].includes(each)), []);
  assertEquals(outcomes.has("2,1") && (outcomes.has("3,2") || outcomes.has("3,2,1")), true);
});

Deno.test("a disk that takes no more refuses the checkpoint and leaves those that are there", async () => {
  const { files, store } = await written(1, 2);
  files.capacity = 0;
  await assertRejects(() => store.write(store.encode(content(3))), FileError);
  files.capacity = Infinity;
  assertEquals((await loaded(files)).found, [2, 1]);
  await store.write(store.encode(content(4)));
  assertEquals((await loaded(files)).found, [4, 2]);
});
