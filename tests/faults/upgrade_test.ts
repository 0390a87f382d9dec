/** A data folder that another version of the gateway wrote. */
import { assertEquals, assertGreater, assertMatch } from "@std/assert";
import { crc32 } from "node:zlib";
import type { Published } from "../support/oracle.ts";
import type { Section } from "../support/gateway_process.ts";
import { checkpointsOf, digests, segmentsOf } from "./kit/folder_files.ts";
import { KilledFolder, scenario, Stand } from "./kit/mod.ts";

/** Made by fixtures/make_data_folder.ts with version 0.1.0: killed with all its points waiting. */
const FIXTURE = new URL("fixtures/data_folder_0_1_0/", import.meta.url);

/** What stands beside the folder. */
interface Told {
  readonly config: Section;
  readonly profiles: Readonly<Record<string, string>>;
  readonly messages: readonly Published[];
}

async function unzipped(file: URL): Promise<Response> {
  const zipped = await Deno.open(file);
  return new Response(zipped.readable.pipeThrough(new DecompressionStream("gzip")));
}

async function unpack(from: URL, to: string): Promise<void> {
  await Deno.mkdir(to, { recursive: true });
  for await (const { name, isDirectory } of Deno.readDir(from)) {
    if (isDirectory) await unpack(new URL(`${name}/`, from), `${to}/${name}`);
    else {
      const content = await (await unzipped(new URL(name, from))).bytes();
      await Deno.writeFile(`${to}/${name.slice(0, -".gz".length)}`, content);
    }
  }
}

scenario(
  "data folder of an earlier version, killed with a backlog",
  { shows: ["P1", "P2", "P3"], always: true },
  async () => {
    const told: Told = await (await unzipped(new URL("published.json.gz", FIXTURE))).json();
    await using stand = await Stand.open(301, {
      stopped: true,
      profiles: told.profiles,
      config: told.config,
      load: { each: 0 },
    });
    if (stand === undefined) return;
    const { gateway, load } = stand;
    await unpack(new URL("data/", FIXTURE), gateway.dataDir);
    const [folders, before] = [["inbox", "outbox", "quarantine"] as const, await digests(gateway.dataDir)];
    for (const journal of folders) {
      assertGreater((await segmentsOf(gateway.dataDir, journal)).length, 0, journal);
    }
    assertEquals((await checkpointsOf(gateway.dataDir)).length, 2, before.join("\n"));
    load.sent.push(...told.messages);
    load.acknowledged += told.messages.length;
    await gateway.start();
    const row = await stand.accounted(`${told.messages.length} messages of a folder of 0.1.0`);
    assertEquals((await gateway.log("replay_under_other_version")).length, 0);
    return row;
  },
);

/** Makes the head of a segment say that the next version of the format wrote it. */
async function newerSegment(path: string): Promise<void> {
  const bytes = await Deno.readFile(path);
  const view = new DataView(bytes.buffer);
  view.setUint32(8, 3, true);
  view.setUint32(12, crc32(bytes.subarray(16, 72), crc32(bytes.subarray(0, 12))), true);
  await Deno.writeFile(path, bytes);
}

/** Makes the head of a checkpoint say so. */
async function newerCheckpoint(path: string): Promise<void> {
  const bytes = await Deno.readFile(path);
  const view = new DataView(bytes.buffer);
  view.setUint32(4, 2, true);
  view.setUint32(8, crc32(bytes.subarray(12), crc32(bytes.subarray(4, 8))), true);
  await Deno.writeFile(path, bytes);
}

scenario(
  "data folder of a newer version: refused in words, nothing touched",
  { shows: ["P7"] },
  async () => {
    await using folder = await KilledFolder.open(302);
    if (folder === undefined) return;
    const { stand: { gateway, load }, dataDir } = folder;
    let refused = 0;
    for (const part of ["inbox", "outbox", "quarantine", "checkpoint"] as const) {
      for (const at of [0, -1]) {
        await folder.renew();
        const paths = part === "checkpoint" ? await checkpointsOf(dataDir) : await segmentsOf(dataDir, part);
        const path = paths.at(at) ?? "";
        await (part === "checkpoint" ? newerCheckpoint : newerSegment)(path);
        // What is damaged beside it stays as it is too: the newer version may be able to read it.
        const other = part === "checkpoint" ? paths.at(-1 - at) ?? "" : undefined;
        if (other !== undefined) await Deno.truncate(other, 100);
        const before = await digests(dataDir);
        await Deno.writeTextFile(`${gateway.folder}/stderr`, "");
        gateway.spawn();
        assertEquals(await gateway.exit(), 1);
        const words = await gateway.stderr();
        assertMatch(words, /newer version|format version "3"/);
        assertMatch(words, /run (that version|the version that wrote it)/);
        assertEquals(await digests(dataDir), before, path);
        refused++;
      }
    }
    await folder.renew();
    const { ledger, expected, content, recovered } = await folder.recover(load.sent.length);
    const row = folder.stand.row(ledger, expected, content, recovered, `${refused} refusals, exit code 1`);
    assertEquals([row.lost, row.doubled], [0, 0]);
    return row;
  },
);
