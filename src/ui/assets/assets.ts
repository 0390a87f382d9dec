import { createHash } from "node:crypto";
import { gzipSync } from "node:zlib";
import type { PageAsset } from "../../api/mod.ts";
import { APP_SCRIPT, STYLE, THEME_SCRIPT } from "../generated/bundle.ts";

/** Names of the files that pages load, each with the beginning of its content's hash. */
export const ASSET_NAMES = {
  app: named("app", "js", APP_SCRIPT),
  theme: named("theme", "js", THEME_SCRIPT),
  style: named("style", "css", STYLE),
} as const;

const TEXTS: ReadonlyMap<string, string> = new Map([
  [ASSET_NAMES.app, APP_SCRIPT],
  [ASSET_NAMES.theme, THEME_SCRIPT],
  [ASSET_NAMES.style, STYLE],
]);

const made = new Map<string, PageAsset>();

/** The asset of that name; `undefined` where there is none. Compressed at its first request, then kept. */
export function assetNamed(name: string): PageAsset | undefined {
  const text = TEXTS.get(name);
  if (text === undefined) return undefined;
  const kept = made.get(name);
  if (kept !== undefined) return kept;
  const plain = new TextEncoder().encode(text);
  const asset: PageAsset = {
    type: name.endsWith(".css") ? "text/css; charset=utf-8" : "text/javascript; charset=utf-8",
    plain,
    gzip: new Uint8Array(gzipSync(plain, { level: 9 })),
  };
  made.set(name, asset);
  return asset;
}

function named(name: string, extension: string, text: string): string {
  return `${name}.${createHash("sha256").update(text, "utf8").digest("hex").slice(0, 12)}.${extension}`;
}
