import { assertEquals } from "@std/assert";
import { flattenBlock, holdsLineBreaks } from "../../../src/forward/line_breaks.ts";
import { lineWith, parseLines } from "../../../src/forward/line_parts.ts";

const BLOCK = 'a\\,b,t=x\\ y f\\=1="s, =\\"\n\\\\",g=2i 10\nm x=1 20\nm x=2 -30';

Deno.test("a block comes apart into lines, and a line into fields, past quotes, escapes and line breaks", () => {
  const lines = parseLines(BLOCK);
  assertEquals(lines.map((line) => [line.index, line.measurement, line.head, line.time]), [
    [0, "a\\,b", "a\\,b,t=x\\ y", "10"],
    [1, "m", "m", "20"],
    [2, "m", "m", "-30"],
  ]);
  assertEquals(lines[0]?.fields, [
    { name: "f\\=1", text: 'f\\=1="s, =\\"\n\\\\"' },
    { name: "g", text: "g=2i" },
  ]);
});

Deno.test("a line with some of its fields keeps its series and time", () => {
  const [line] = parseLines(BLOCK);
  assertEquals(line && lineWith(line, line.fields.slice(1)), "a\\,b,t=x\\ y g=2i 10");
  assertEquals(line && lineWith(line, line.fields), line?.text);
});

Deno.test("a line that nobody here wrote stays whole and does not spoil its neighbours", () => {
  const lines = parseLines('m x=1 1\nno line at all\nm x="open 2\nm x=3 3\n');
  assertEquals(lines.map((line) => line.text), ["m x=1 1", "no line at all", 'm x="open 2', "m x=3 3"]);
  assertEquals(lines.map((line) => line.fields.length), [1, 0, 0, 1]);
});

Deno.test("F15: only a block with a line break in a string is flattened, and only there", () => {
  assertEquals([holdsLineBreaks("m x=1 1\nm x=2 2", 2), holdsLineBreaks(BLOCK, 3)], [false, true]);
  assertEquals(
    flattenBlock(BLOCK),
    'a\\,b,t=x\\ y f\\=1="s, =\\"\\\\n\\\\",g=2i 10\nm x=1 20\nm x=2 -30',
  );
});
