/**
 * Bundles what runs in the browser: scripts and style, each as one text.
 * @module
 */
import { build, initialize, type OnLoadResult, type Plugin, stop } from "esbuild-wasm";

const UI = new URL("../", import.meta.url);

/** What is bundled, by the name of its constant in generated/bundle.ts. */
const ENTRIES = {
  APP_SCRIPT: "client/main.ts",
  THEME_SCRIPT: "client/theme.ts",
  STYLE: "style/main.css",
} as const;

/** How the browser's modules see the packages: hono's elements render into the page there. */
const PACKAGES: Readonly<Record<string, string>> = {
  "hono/jsx/jsx-runtime": import.meta.resolve("hono/jsx/dom/jsx-runtime"),
  "hono/jsx/dom": import.meta.resolve("hono/jsx/dom"),
  "uplot": import.meta.resolve("uplot/dist/uPlot.esm.js"),
  "uplot.css": import.meta.resolve("uplot/dist/uPlot.min.css"),
};

/** Lets esbuild, which has no disk of its own in WebAssembly, read this room and its packages. */
const disk: Plugin = {
  name: "disk",
  setup(bundler) {
    bundler.onResolve({ filter: /.*/ }, ({ path, importer, kind }) => {
      if (path.startsWith("node:")) return { path, external: true };
      const url = kind === "entry-point"
        ? new URL(path, UI)
        : path.startsWith(".")
        ? new URL(path, importer)
        : new URL(PACKAGES[path] ?? path);
      // Only entries do something by being there: whatever else nobody uses is left out.
      return {
        path: url.href,
        namespace: "disk",
        sideEffects: kind === "entry-point" || path.endsWith(".css"),
      };
    });
    bundler.onLoad({ filter: /.*/, namespace: "disk" }, async ({ path }): Promise<OnLoadResult> => {
      const loader = path.endsWith(".tsx")
        ? "tsx"
        : path.endsWith(".ts")
        ? "ts"
        : path.endsWith(".css")
        ? "css"
        : "js";
      return { contents: await Deno.readTextFile(new URL(path)), loader };
    });
  },
};

/**
 * The text of generated/bundle.ts.
 *
 * @throws Error with esbuild's words where a module does not parse or is not found
 */
export async function bundle(): Promise<string> {
  await initialize({ worker: false, wasmModule: await engine() });
  try {
    const lines = [
      "/**",
      " * The scripts and the style of the dashboard. Generated: change client/, parts/ or style/, then `deno task ui`.",
      " * @module",
      " */",
    ];
    for (const [name, entry] of Object.entries(ENTRIES)) {
      const { outputFiles } = await build({
        entryPoints: [entry],
        bundle: true,
        write: false,
        minify: true,
        format: entry.endsWith(".css") ? "esm" : "iife",
        target: ["chrome111", "firefox113", "safari16.4"],
        jsx: "automatic",
        jsxImportSource: "hono/jsx",
        charset: "utf8",
        legalComments: "none",
        logLevel: "silent",
        plugins: [disk],
      }).catch((error: unknown) => {
        throw new Error(
          `"${entry}" cannot be bundled: ${error instanceof Error ? error.message : String(error)}`,
        );
      });
      lines.push(
        `/** Of ${entry}. */`,
        `export const ${name} = ${JSON.stringify(outputFiles[0]?.text.trim() ?? "")};`,
      );
    }
    return `${lines.join("\n")}\n`;
  } finally {
    await stop();
  }
}

async function engine(): Promise<WebAssembly.Module> {
  return await WebAssembly.compile(
    await Deno.readFile(new URL(import.meta.resolve("esbuild-wasm/esbuild.wasm"))),
  );
}
