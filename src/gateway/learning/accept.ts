import { join } from "node:path";
import { addSubscriptions, type EditRefusal, profileNameIn, textRefusal } from "../../config/mod.ts";
import type { ConfigFault } from "../../api/mod.ts";
import { failingExamples } from "../../explain/mod.ts";
import type { Asker } from "../configuration.ts";
import type { Parts, Phase } from "../parts.ts";
import { faultOf } from "../views/config.ts";
import type { ConfigFile, ConfigFiles } from "./config_files.ts";

/** A profile and a subscription that someone wants to be in force. */
export interface Accepted {
  /** YAML of the profile. */
  readonly profileYaml: string;
  /** YAML of the subscription, or of several. */
  readonly subscriptionYaml: string;
}

/** What became of it. */
export type AcceptResult =
  | {
    readonly kind: "accepted";
    /** Name of the profile, and topics of the subscriptions. */
    readonly profile: string;
    readonly topics: readonly string[];
    /** The files that were written. */
    readonly files: readonly string[];
  }
  /** Nothing was written. */
  | { readonly kind: "refused"; readonly problems: readonly ConfigFault[] }
  /** The configuration cannot be added to by this process. Nothing is in force. */
  | { readonly kind: "not_writable"; readonly detail: string }
  | { readonly kind: "unavailable"; readonly detail: string };

/** What an acceptance sees of the gateway. */
export interface AcceptParts {
  /** Whether it runs. */
  readonly phase: Phase;
  /** The files of its configuration. */
  readonly ports: Pick<Parts["ports"], "configFiles">;
  /** Which file it has, and where profiles are. */
  readonly config: Pick<Parts["config"], "file" | "profilesDir">;
  /** What is in force. */
  readonly rules: Pick<Parts["rules"], "subscriptions" | "profiles">;
  /** The way to another configuration. */
  readonly configuration: Pick<Parts["configuration"], "reload">;
}

/** Names of what was accepted, in faults. */
const [PROFILE, SUBSCRIPTION] = ["profile_yaml", "subscription_yaml"];

/** Accepts one proposal after the other: each adds to the file that the one before has left. */
export class Acceptance {
  readonly #parts: () => AcceptParts;
  #last: Promise<unknown> = Promise.resolve();

  /** Has accepted nothing yet. */
  constructor(parts: () => AcceptParts) {
    this.#parts = parts;
  }

  /** Judges a profile and a subscription together with the configuration on disk, writes both, and reloads. */
  accept(wanted: Accepted, by: Asker): Promise<AcceptResult> {
    const turn = this.#last.then(() => this.#accept(wanted, by));
    this.#last = turn.catch(() => {});
    return turn;
  }

  async #accept(wanted: Accepted, by: Asker): Promise<AcceptResult> {
    const { ports: { configFiles }, config, configuration, phase, rules } = this.#parts();
    if (phase !== "running") return { kind: "unavailable", detail: `The gateway is ${phase}` };
    if (configFiles === undefined) {
      return { kind: "unavailable", detail: "This gateway has no file that could be added to" };
    }
    const profile = profileNameIn(wanted.profileYaml);
    const refused = textRefusal(wanted.profileYaml) ?? (typeof profile === "string" ? undefined : profile);
    if (refused !== undefined || typeof profile !== "string") return refusal(PROFILE, refused);
    if (Object.hasOwn(rules.profiles, profile)) {
      const detail = `There is a profile "${profile}" already; give this one another name`;
      return refusal(PROFILE, { line: 1, detail });
    }
    let text: string;
    try {
      text = await configFiles.text();
    } catch (error) {
      return { kind: "not_writable", detail: `The file "${config.file}" cannot be read: ${wordsOf(error)}` };
    }
    const edited = addSubscriptions(text, wanted.subscriptionYaml);
    if ("detail" in edited) return refusal(edited.line === 0 ? config.file : SUBSCRIPTION, edited);
    const files = [
      { path: await freePath(configFiles, config.profilesDir, profile), text: wanted.profileYaml },
      { path: config.file, text: edited.text },
    ];
    const read = await configFiles.read(files);
    if ("problems" in read) return { kind: "refused", problems: read.problems.map(faultOf) };
    const failing = failingExamples(read.rules, read.examples);
    if (failing.length > 0) return { kind: "refused", problems: failing.map(faultOf) };
    try {
      await configFiles.write(files);
    } catch (error) {
      return { kind: "not_writable", detail: notWritten(files, error) };
    }
    const reloaded = await configuration.reload(by);
    if (reloaded.kind === "unavailable") return reloaded;
    if (reloaded.kind === "refused") return { kind: "refused", problems: reloaded.problems.map(faultOf) };
    const before = new Set(rules.subscriptions.map(({ topic }) => topic));
    const topics = read.rules.subscriptions.map(({ topic }) => topic).filter((topic) => !before.has(topic));
    return { kind: "accepted", profile, topics, files: files.map(({ path }) => path) };
  }
}

/** A path for a profile at which nothing stands yet. Its name becomes a plain word: it came over the network. */
async function freePath(files: ConfigFiles, folder: string, profile: string): Promise<string> {
  const word = profile.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-").replaceAll(/^-+|-+$/g, "").slice(0, 60) ||
    "profile";
  let path = join(folder, `${word}.yaml`);
  for (let n = 2; await files.has(path); n++) path = join(folder, `${word}-${n}.yaml`);
  return path;
}

function notWritten(files: readonly ConfigFile[], error: unknown): string {
  const names = files.map(({ path }) => `"${path}"`).join(" and ");
  return `This process cannot write ${names}: ${
    wordsOf(error)
  }; write them by hand, or start the gateway with the right to`;
}

function refusal(file: string, why: EditRefusal | undefined): AcceptResult {
  const { line = 1, detail = "It is no profile" } = why ?? {};
  return {
    kind: "refused",
    problems: [{ file, line: Math.max(1, line), column: 1, path: "", message: detail }],
  };
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
