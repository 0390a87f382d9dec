/**
 * Writes generated/bundle.ts anew: `deno task ui`.
 * @module
 */
import { bundle } from "./bundle.ts";

const target = new URL("../generated/bundle.ts", import.meta.url);
const text = await bundle();
await Deno.writeTextFile(target, text);
await Deno.stdout.write(
  new TextEncoder().encode(`${text.length} characters in src/ui/generated/bundle.ts\n`),
);
