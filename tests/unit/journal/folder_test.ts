import { assert, assertEquals } from "@std/assert";
import {
  Ballast,
  denoFiles,
  type FolderItem,
  FolderLock,
  Journal,
  position,
  readFolder,
} from "../../../src/journal/mod.ts";
import { MemoryFiles } from "../../support/memory_files.ts";
import { layout } from "./layout.ts";
import { HEAD } from "./layout.ts";
import { bytes, group, readAll, rig, test, text, until, withJournal } from "./rig.ts";

async function inTempFolder(use: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "journal_" });
  try {
    await use(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("J20: the lock names the process that holds it, and ends with that process", async () => {
  await inTempFolder(async (folder) => {
    const path = `${folder}/lock`;
    const room = new URL("../../../src/journal/mod.ts", import.meta.url).href;
    const script = `import { denoFiles, FolderLock } from ${JSON.stringify(room)};
      const lock = await FolderLock.take(denoFiles, ${JSON.stringify(path)}, String(Deno.pid));
      await Deno.stdout.write(new TextEncoder().encode(lock instanceof FolderLock ? "held\\n" : "in use\\n"));
      await new Promise((resolve) => setTimeout(resolve, 60_000));`;
    const child = new Deno.Command(Deno.execPath(), {
      args: ["eval", "--no-lock", script],
      stdout: "piped",
      stdin: "null",
    }).spawn();
    try {
      const reader = child.stdout.getReader();
      assertEquals(new TextDecoder().decode((await reader.read()).value), "held\n");
      await reader.cancel();
      assertEquals(await FolderLock.take(denoFiles, path, "me"), {
        reason: "in_use",
        holder: String(child.pid),
      });
    } finally {
      child.kill("SIGKILL");
      await child.status;
    }
    const lock = await FolderLock.take(denoFiles, path, "me");
    assert(lock instanceof FolderLock);
    assertEquals(await FolderLock.take(denoFiles, path, "other"), { reason: "in_use", holder: "me" });
    lock.release();
    const next = await FolderLock.take(denoFiles, path, "next");
    assert(next instanceof FolderLock);
    next.release();
    assertEquals(await Deno.readTextFile(path), "next\n");
  });
});

Deno.test("J21: the ballast is really written, grows, is released without needing space and taken again", async () => {
  await inTempFolder(async (folder) => {
    const path = `${folder}/ballast`;
    const ballast = await Ballast.open(denoFiles, path, 100_000);
    assertEquals(ballast.held, true);
    const blocks = async (): Promise<number> => (await Deno.stat(path)).blocks ?? 0;
    assertEquals((await Deno.stat(path)).size, 100_000);
    assert(await blocks() * 512 >= 100_000);
    await ballast.grow(300_000);
    assertEquals((await Deno.stat(path)).size, 300_000);
    await ballast.grow(1);
    await ballast.release();
    await ballast.release();
    assertEquals([ballast.held, (await denoFiles.list(folder)).length], [false, 0]);
    assertEquals(await ballast.refill(), { held: true, bytes: 300_000 });
    assertEquals((await Ballast.open(denoFiles, path, 300_000)).held, true);
  });
});

Deno.test("J21: a ballast that finds no space holds nothing and leaves nothing behind", async () => {
  const files = new MemoryFiles();
  files.capacity = 100_000;
  const ballast = await Ballast.open(files, "/d/ballast", 200_000);
  assertEquals([ballast.held, files.paths()], [false, []]);
  files.capacity = 300_000;
  assertEquals((await ballast.refill()).held, true);
});

test("J1: on a real disk a journal is written, cut, trimmed, archived and read again", async () => {
  await inTempFolder(async (folder) => {
    const { options } = rig(undefined, { files: denoFiles, folder: `${folder}/inbox`, segmentBytes: 4096 });
    await withJournal(options, async (journal) => {
      for (let i = 0; i < 20; i++) {
        for (let j = 0; j < 20; j++) journal.append(j, bytes(`record ${i}/${j}`));
        await journal.sync();
      }
      assertEquals((await readAll(journal)).length, 400);
      assertEquals(text(await journal.readOne(position(400))), "record 19/19");
    });
    await withJournal(options, async (journal) => {
      assertEquals(journal.recovery.damages, []);
      await journal.cutAfter(position(205));
      await group(journal, "new");
      const trimmed = await journal.trim(position(200), { archiveTo: `${folder}/archive` });
      assert(trimmed.segments > 0);
      const all = await readAll(journal);
      assertEquals(all.at(-1)?.position, position(206));
      assertEquals(all[0]?.position, journal.first);
    });
    const { free, total } = await denoFiles.space(folder);
    assert(free > 0 && total >= free);
    const newest = (await denoFiles.list(`${folder}/inbox`)).map(({ name }) => name).sort().at(-1) ?? "";
    await Deno.truncate(`${folder}/inbox/${newest}`, HEAD + 26);
    await withJournal(options, async (journal) => {
      assertEquals(journal.recovery.tornBytes, 26 - 17);
      assertEquals(Number((await readAll(journal)).at(-1)?.position), 205);
      assertEquals((await Deno.stat(`${folder}/inbox/${newest}`)).size, HEAD + 17);
    });
  });
});

test("J19: a folder can be read beside the process that writes it, and nothing in it changes", async () => {
  const { options, files } = rig(undefined, { segmentBytes: 600 });
  const journal = await Journal.open(options);
  for (let i = 1; i <= 6; i++) await group(journal, `record ${i}`.padEnd(80));
  const newest = files.paths().at(-1) ?? "";
  await until(
    () => layout(files.bytesOf(newest)).at(-1)?.kind === "marker",
    () => "no marker behind the last group",
  );
  const [path] = files.paths();
  const content = files.bytesOf(path ?? "");
  const hit = layout(content).find(({ kind, position }) => kind === "entry" && position === 2);
  content[(hit?.from ?? 0) + 30] = 0;
  files.put(path ?? "", content);
  files.put("/j/0000000000000001-00.segment.corrupt", bytes("old"));
  const before = files.paths().map((name) => [name, files.bytesOf(name)]);
  const items: FolderItem[] = [];
  for await (const item of readFolder(files, "/j")) items.push(item);
  const shown = items.map((item) => item.kind === "entry" ? `entry ${item.entry.position}` : item.kind);
  assertEquals(shown.slice(0, 4), ["segment", "entry 1", "damage", "entry 3"]);
  const seen = items.flatMap((item) => item.kind === "entry" ? [Number(item.entry.position)] : []);
  assertEquals(seen, [1, 3, 4, 5, 6]);
  const damages = items.flatMap((item) => item.kind === "damage" ? [item.damage] : []);
  assertEquals(damages.map(({ kind, after, before }) => [kind, Number(after), Number(before)]), [[
    "corrupt",
    1,
    3,
  ]]);
  const segments = items.flatMap((item) => item.kind === "segment" ? [item] : []);
  assertEquals(segments.map(({ sealed }) => sealed).at(-1), false);
  assertEquals(segments.at(-1)?.info.last, journal.last);
  assertEquals(items.at(-1), { kind: "set_aside", name: "0000000000000001-00.segment.corrupt", bytes: 3 });
  assertEquals(files.paths().map((name) => [name, files.bytesOf(name)]), before);
  await journal.close();
});
