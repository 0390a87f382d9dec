/**
 * Counts the lint ignores of the tree. The number only falls; an ignore without a reason is an error.
 * Run by `deno task check`.
 * @module
 */

/** Ignores there are today. Lower it when one goes. */
const ALLOWED = 14;

async function* sources(folder: string): AsyncGenerator<string> {
  for await (const entry of Deno.readDir(folder)) {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory) yield* sources(path);
    else if (/\.tsx?$/.test(entry.name)) yield path;
  }
}

const bare: string[] = [];
let count = 0;
for (const root of ["src", "devices", "tests"]) {
  for await (const path of sources(root)) {
    const lines = (await Deno.readTextFile(path)).split("\n");
    lines.forEach((line, index) => {
      if (!/^\s*(\/\/|\/\*) *deno-lint-ignore/.test(line)) return;
      count++;
      if (!line.includes("--")) bare.push(`${path}:${index + 1}`);
    });
  }
}

const say = (text: string): Promise<number> => Deno.stdout.write(new TextEncoder().encode(`${text}\n`));
await say(`${count} lint ignores (allowed ${ALLOWED})`);
for (const place of bare) await say(`${place}: an ignore needs a reason after "--"`);
if (count > ALLOWED || bare.length > 0) Deno.exit(1);
