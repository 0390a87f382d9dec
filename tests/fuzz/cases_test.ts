import { replayCase, shippedProfiles } from "./kit/mod.ts";
import type { FuzzCase } from "./kit/mod.ts";

const FOLDER = new URL("./cases/", import.meta.url);
const shipped = await shippedProfiles();

for (const { name } of [...Deno.readDirSync(FOLDER)].sort((a, b) => a.name < b.name ? -1 : 1)) {
  const one: FuzzCase = JSON.parse(Deno.readTextFileSync(new URL(name, FOLDER)));
  Deno.test(`P6, ${name.replace(".json", "")}: ${one.what}`, () => replayCase(shipped, one));
}
