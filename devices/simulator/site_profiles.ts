import { parse, stringify } from "yaml";

/** Folder of the shipped profiles, beside the simulator. */
const PROFILES = new URL("../profiles", import.meta.url).pathname;

/** Longest window of a site whose day lasts ten minutes, ms. */
const LONGEST = 60_000;

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

function milliseconds(text: unknown): number {
  const match = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/.exec(String(text));
  return match === null ? 0 : Number(match[1]) * (UNITS[match[2] ?? ""] ?? 0);
}

/** A rule of windows for a site in a hurry: no window longer than a minute, none that waits long for its device. */
function hurried(rule: unknown, unlimitedAge: boolean): void {
  if (typeof rule !== "object" || rule === null) return;
  if (milliseconds(Reflect.get(rule, "every")) > LONGEST) Reflect.set(rule, "every", "1m");
  Reflect.deleteProperty(rule, "idle_after");
  if (unlimitedAge) Reflect.deleteProperty(rule, "max_age");
}

/** What a profile shows in a comment of how to keep a part of its messages. */
const SHOWN_SAMPLE = /^#(?=sample: )/m;

/**
 * The shipped profiles as the simulated site has them: the same but for windows of many minutes, for which nobody
 * wants to wait at the end of a run, and with a `sample` where the profile shows one in a comment.
 *
 * @param unlimitedAge leaves `max_age` to the site, where devices' clocks begin long ago
 * @returns texts by file name
 */
export async function siteProfiles(unlimitedAge: boolean): Promise<Map<string, string>> {
  const files = new Map<string, string>();
  for await (const { name } of Deno.readDir(PROFILES)) {
    if (!name.endsWith(".yaml")) continue;
    const text = await Deno.readTextFile(`${PROFILES}/${name}`);
    const profile: unknown = parse(text.replace(SHOWN_SAMPLE, ""));
    if (typeof profile !== "object" || profile === null) continue;
    hurried(Reflect.get(profile, "downsample"), unlimitedAge);
    const fields: unknown = Reflect.get(profile, "fields");
    if (typeof fields === "object" && fields !== null) {
      for (const field of Object.values(fields)) hurried(Reflect.get(field, "downsample"), unlimitedAge);
    }
    if (unlimitedAge) Reflect.deleteProperty(profile, "max_age");
    // They were checked where they are shipped, and a receipt in an example may not fit the windows here.
    Reflect.deleteProperty(profile, "examples");
    files.set(name, stringify(profile));
  }
  return files;
}
