/** `deno task bench --check`: what it says of a run beside the ratios that are kept, and its exit code. */
import { assertEquals, assertStringIncludes } from "@std/assert";
import { checkRatios, keepRatios, keptRatios } from "../../bench/kit/ratios.ts";
import { type Row, row } from "../../bench/kit/table.ts";

/** A row with these ratios, one a round. */
function ratio(figure: string, ...ratios: number[]): Row {
  return row(figure, "one", ratios.map(() => 1), ratios);
}

Deno.test("a ratio within 1.6 times of the kept one, in either direction, is as kept: exit 0", () => {
  for (const now of [2, 3.2, 1.25]) {
    assertEquals(checkRatios([ratio("rate", now)], { rate: 2 }), {
      lines: ["Every ratio is as kept"],
      code: 0,
    });
  }
});

Deno.test("a ratio beyond that is told by its row's name, with both figures: exit 1", () => {
  const kept = { rate: 2, memory: 1 };
  for (const now of [3.21, 1.24, NaN]) {
    assertEquals(checkRatios([ratio("rate", now), ratio("memory", 1)], kept), {
      lines: [`"rate" has the ratio ${now}, kept is 2.00`, "1 of 2 ratios are not as kept"],
      code: 1,
    });
  }
});

Deno.test("of several rounds the median counts, not one that was disturbed", () => {
  assertEquals(checkRatios([ratio("rate", 2, 90, 2.1)], { rate: 2 }).code, 0);
  assertEquals(checkRatios([ratio("rate", 2, 90, 91)], { rate: 2 }).code, 1);
});

Deno.test("a row that is not kept is told as new: exit 1; what is kept and did not run is nothing", () => {
  assertEquals(checkRatios([ratio("rate", 2)], { memory: 1 }), {
    lines: ['"rate" is new: the kept ratios do not have it', "1 of 1 ratios are not as kept"],
    code: 1,
  });
  assertEquals(checkRatios([], { memory: 1 }).code, 0);
});

Deno.test("what a run keeps, a check of the same run accepts; rows of other cases stay", async () => {
  const file = await Deno.makeTempFile({ prefix: "sluice_ratios_" });
  try {
    await Deno.writeTextFile(file, '{ "other": 7 }');
    const rows = [ratio("rate", 2.3456), ratio("memory", 0.1)];
    await keepRatios(rows, file);
    assertEquals(await keptRatios(file), { memory: 0.1, other: 7, rate: 2.35 });
    assertEquals(checkRatios(rows, await keptRatios(file)).code, 0);
  } finally {
    await Deno.remove(file);
  }
  assertEquals(await keptRatios(file), {});
});

Deno.test("the command ends with 1 and names the row", async () => {
  const file = await Deno.makeTempFile({ prefix: "sluice_ratios_" });
  const [kept, fresh] = ["empty data folder", "data folder of 1,000 devices"].map((of) =>
    `start to subscribed, ${of}, ms`
  );
  try {
    // No start is a thousand times as slow as a bare subscriber's.
    await Deno.writeTextFile(file, JSON.stringify({ [`${kept}`]: 1_000 }));
    const main = new URL("../../bench/main.ts", import.meta.url).pathname;
    const { code, stdout } = await new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", main, "--only", "start", "--quick", "--check", "--ratios", file],
    }).output();
    const said = new TextDecoder().decode(stdout);
    assertEquals(code, 1, said);
    assertStringIncludes(said, `"${kept}" has the ratio `);
    assertStringIncludes(said, `"${fresh}" is new: `);
    assertStringIncludes(said, "2 of 2 ratios are not as kept");
  } finally {
    await Deno.remove(file);
  }
});
