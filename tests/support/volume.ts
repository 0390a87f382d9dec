import { needService } from "./services.ts";

/** A file system of its own, in a file or in memory, as small as a test wants it. */
export class Volume implements AsyncDisposable {
  /** Where it is mounted. */
  readonly path: string;
  /** The image behind it; `undefined` in memory. */
  readonly image: string | undefined;
  readonly #folder: string;
  #mounted = true;

  private constructor(folder: string, image: string | undefined) {
    this.#folder = folder;
    this.path = `${folder}/mount`;
    this.image = image;
  }

  /**
   * Mounts an empty ext4 whose journal is written when somebody syncs and otherwise hardly ever (`commit=300`), so
   * that a copy of the image is what a power cut leaves behind.
   *
   * @returns the volume, or `undefined` where this user may not mount (the reason is printed)
   */
  static async ext4(megabytes: number): Promise<Volume | undefined> {
    if (needService("mkfs.ext4") === undefined) return undefined;
    const folder = await Deno.makeTempDir({ prefix: "sluice_volume_" });
    const image = `${folder}/image`;
    await Deno.mkdir(`${folder}/mount`);
    await Deno.writeFile(image, new Uint8Array());
    await Deno.truncate(image, megabytes * 1024 * 1024);
    await run("mkfs.ext4", ["-q", "-F", image]);
    return await mounted(new Volume(folder, image), ["-o", "loop,commit=300,noatime", image]);
  }

  /** Mounts an empty volume of so many MiB in memory. @returns as `ext4` does */
  static async memory(megabytes: number): Promise<Volume | undefined> {
    const folder = await Deno.makeTempDir({ prefix: "sluice_volume_" });
    await Deno.mkdir(`${folder}/mount`);
    return await mounted(new Volume(folder, undefined), ["-t", "tmpfs", "-o", `size=${megabytes}m`, "tmpfs"]);
  }

  /**
   * What a power cut at this moment leaves on the disk: a copy of the image, mounted. Whoever writes to the volume
   * must stand still (SIGSTOP) meanwhile.
   */
  async afterPowerCut(): Promise<Volume> {
    if (this.image === undefined) throw new Error("Memory does not survive a power cut");
    const folder = await Deno.makeTempDir({ prefix: "sluice_volume_" });
    await Deno.mkdir(`${folder}/mount`);
    // Of the image, not of the mounted files: what the kernel has not written to it is not there.
    await run("cp", ["--sparse=always", this.image, `${folder}/image`]);
    const copy = await mounted(new Volume(folder, `${folder}/image`), [
      "-o",
      "loop,commit=300",
      `${folder}/image`,
    ]);
    if (copy === undefined) throw new Error("The copy of the image cannot be mounted");
    return copy;
  }

  /** Takes all the space there is; gives it back when disposed of. */
  async fill(): Promise<Disposable> {
    const path = `${this.path}/filler`;
    const file = await Deno.open(path, { write: true, create: true });
    try {
      for (const chunk of [new Uint8Array(65_536), new Uint8Array(512)]) await fillWith(file, chunk);
    } finally {
      file.close();
    }
    return { [Symbol.dispose]: () => Deno.removeSync(path) };
  }

  /** Unmounts it, whoever still looks into it, and removes its folder. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#mounted) await run("umount", ["-l", this.path]);
    await Deno.remove(this.#folder, { recursive: true });
  }

  /** Nothing is mounted there. */
  notMounted(): void {
    this.#mounted = false;
  }
}

async function mounted(volume: Volume, how: readonly string[]): Promise<Volume | undefined> {
  try {
    await run("mount", [...how, volume.path]);
    return volume;
  } catch (error) {
    if (Deno.env.get("SLUICE_REQUIRE_VOLUMES") === "1") throw error;
    volume.notMounted();
    await volume[Symbol.asyncDispose]();
    const why = `skipped: no volume can be mounted: ${error instanceof Error ? error.message : error}\n`;
    await Deno.stderr.write(new TextEncoder().encode(why));
    return undefined;
  }
}

async function fillWith(file: Deno.FsFile, chunk: Uint8Array): Promise<void> {
  try {
    while (true) await file.write(chunk);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ENOSPC")) throw error;
  }
}

async function run(program: string, args: readonly string[]): Promise<void> {
  const { success, stderr } = await new Deno.Command(program, { args: [...args] }).output();
  if (!success) throw new Error(`${program} ${args.join(" ")}: ${new TextDecoder().decode(stderr).trim()}`);
}
