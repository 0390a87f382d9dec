import { assert, assertEquals } from "@std/assert";
import { denoIo } from "../../../src/cli/mod.ts";
import { loadConfig, renderProblem } from "../../../src/config/mod.ts";
import { type ExampleOutcome, runExamples } from "../../../src/explain/mod.ts";

const SAMPLE = new URL("../../../deploy/gateway.yaml", import.meta.url).pathname;

async function shipped(): Promise<Map<string, ExampleOutcome[]>> {
  const loaded = await loadConfig(SAMPLE, denoIo().sources);
  if (!loaded.ok) throw new Error(loaded.problems.map(renderProblem).join("\n"));
  const outcomes = runExamples(loaded.rules, loaded.examples);
  return new Map(
    Object.keys(loaded.rules.profiles).map((name) => [
      name,
      outcomes.filter(({ example }) => example.profile === name),
    ]),
  );
}

Deno.test("every example of every profile that comes along comes out as it says", async () => {
  const failing = [...(await shipped()).values()].flat().flatMap(({ example, difference }) =>
    difference === undefined
      ? []
      : [`${example.place.file}:${example.place.line}: ${difference.found}, not ${difference.expected}`]
  );
  assertEquals(failing, []);
});

Deno.test("each profile shows a good message, a refused one and one that is taken in part", async () => {
  const profiles = await shipped();
  assert(profiles.size >= 8, `${profiles.size} profiles`);
  for (const [name, outcomes] of profiles) {
    const shows = (readings: boolean, refused: boolean): boolean =>
      outcomes.some((one) =>
        Object.keys(one.readings).length > 0 === readings && one.refused.length > 0 === refused
      );
    assert(outcomes.length >= 5, `${name} has ${outcomes.length} examples`);
    assert(shows(true, false), `${name} shows no good message`);
    assert(shows(false, true), `${name} shows no refused message`);
    assert(shows(true, true), `${name} shows no message that is taken in part`);
  }
});

Deno.test("each field that makes readings has one in one of its examples", async () => {
  const loaded = await loadConfig(SAMPLE, denoIo().sources);
  assert(loaded.ok);
  const never: string[] = [];
  for (const profile of Object.values(loaded.rules.profiles)) {
    const examples = loaded.examples.filter((example) => example.profile === profile.name);
    for (const { name, tag } of profile.fields) {
      if (tag === true) continue;
      if (!examples.some((example) => Object.hasOwn(example.readings, name))) {
        never.push(`${profile.name}.${name}`);
      }
    }
  }
  assertEquals(never, []);
});

Deno.test("each tag that comes in a payload is stated in one of its profile's examples", async () => {
  const loaded = await loadConfig(SAMPLE, denoIo().sources);
  assert(loaded.ok);
  const never = Object.values(loaded.rules.profiles).flatMap((profile) => {
    const stated = new Set(
      loaded.examples.flatMap(({ profile: name, tags = {} }) =>
        name === profile.name ? Object.keys(tags) : []
      ),
    );
    return profile.fields.flatMap(({ name, tag }) =>
      tag === true && !stated.has(name) ? [`${profile.name}.${name}`] : []
    );
  });
  assertEquals(never, []);
});
