import { replayCase, shippedProfiles } from "./kit/mod.ts";
import type { FuzzCase } from "./kit/mod.ts";

const FOLDER = new URL("./cases/", import.meta.url);
const shipped = await shippedProfiles();

const names = [...Deno.readDirSync(FOLDER)].map(({ name }) => name).filter((name) => name.endsWith(".json"));
for (const name of names.sort()) {
  const one: FuzzCase = JSON.parse(Deno.readTextFileSync(new URL(name, FOLDER)));
  Deno.test(`P6, ${name.replace(".json", "")}: ${one.what}`, () => replayCase(shipped, one));
}
