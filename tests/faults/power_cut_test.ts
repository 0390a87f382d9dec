/**
 * Power cuts: the data folder lies on a file system whose image is copied while the gateway stands still. The copy holds
 * what had reached the disk and nothing that was only in the kernel's memory: a gateway that acknowledges before
 * fdatasync loses messages here, though it survives every `kill -9`.
 */
import { Dice } from "../../devices/simulator/dice.ts";
import type { Section } from "../support/gateway_process.ts";
import { until } from "../support/until.ts";
import { Volume } from "../support/volume.ts";
import { type Row, scenario, seedOf, Stand } from "./kit/mod.ts";

/** Room for the journals of a whole run. */
const MEGABYTES = 192;
const BUFFER: Section = { max_bytes: "128MiB", checkpoint: { after_bytes: "256KiB", at_most: "1s" } };

function onVolume(volume: Volume): Section {
  return { gateway: { id: "test", data_dir: `${volume.path}/data` } };
}

/** Waits until the gateway that has just been started has taken in so many messages more, or all there are. */
async function takenIn(stand: Stand, messages: number): Promise<void> {
  await stand.gateway.ready();
  const { received: before } = (await stand.gateway.ledger()).messages;
  await until("the gateway has taken messages in", async () => {
    const { received, duplicate } = (await stand.gateway.ledger()).messages;
    return received >= before + messages || received - duplicate >= stand.share;
  }, { timeout: 60_000, every: 60 });
}

/** Lets a process start for so many ms. */
async function starting(ms: number): Promise<void> {
  const end = performance.now() + ms;
  await until("the process has begun to start", () => performance.now() >= end, { every: 1 });
}

/** Cuts the power of a gateway under load at random moments, so often. */
async function powerCuts(
  name: string,
  times: number,
  more: Section = { buffer: BUFFER },
): Promise<Row | undefined> {
  const seed = seedOf(name);
  const first = await Volume.ext4(MEGABYTES);
  if (first === undefined) return;
  let volume: Volume = first;
  try {
    await using stand = await Stand.open(seed, {
      load: { each: 30 * times + 40, pace: 1_500 },
      config: { ...more, ...onVolume(volume) },
    });
    if (stand === undefined) return;
    const { gateway, load } = stand;
    const dice = new Dice(seed);
    const publishing = load.publish(stand.share);
    for (let cut = 0; cut < times; cut++) {
      // Now and then the power goes while the gateway is still coming to its feet.
      if (cut > 0 && dice.happens(0.25)) await starting(dice.between(100, 600));
      else await takenIn(stand, dice.between(10, stand.share / times));
      gateway.signal("SIGSTOP");
      const left: Volume = await volume.afterPowerCut();
      await gateway.kill();
      await volume[Symbol.asyncDispose]();
      volume = left;
      await stand.configure({ ...more, ...onVolume(volume) });
      gateway.spawn();
    }
    stand.faultOver();
    await publishing;
    const row = await stand.accounted(`seed ${seed}`);
    await gateway.kill();
    return row;
  } finally {
    await volume[Symbol.asyncDispose]();
  }
}

scenario("power cut under load × 3", { shows: ["P1", "P2", "P3"], always: true }, () => {
  return powerCuts("power cut", 3);
});

scenario("power cut under load × 30", { shows: ["P1", "P2", "P3"] }, () => powerCuts("power cut x 30", 30));

scenario("power cut under load × 10, inbox compressed", { shows: ["P1", "P2", "P3"] }, () => {
  return powerCuts("power cut, compressed", 10, { buffer: { ...BUFFER, compress_inbox: true } });
});

scenario("power cut under load × 10, segments prepared", { shows: ["P1", "P2", "P3", "P7"] }, () => {
  // Segments as small as they come, so that most are written over a former one.
  const buffer = { ...BUFFER, max_bytes: "8MiB", checkpoint: { after_bytes: "32KiB", at_most: "1s" } };
  return powerCuts("power cut, prepared", 10, { buffer: { ...buffer, prepare_segments: true } });
});

scenario(
  "power cut under load × 10, data folder compressed and encrypted",
  { shows: ["P1", "P2", "P3"] },
  async () => {
    const folder = await Deno.makeTempDir({ prefix: "sluice_key_" });
    try {
      const keyFile = `${folder}/key`;
      await Deno.writeTextFile(keyFile, crypto.getRandomValues(new Uint8Array(32)).toHex(), { mode: 0o600 });
      const buffer = { ...BUFFER, compress_inbox: true, encrypt_at_rest: { key_file: keyFile } };
      return await powerCuts("power cut, encrypted", 10, { buffer });
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
);
