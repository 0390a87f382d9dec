import { assertEquals, assertThrows } from "@std/assert";
import { LineError, parseLines } from "../../../devices/simulator/mod.ts";

Deno.test("a line is measurement, tags, fields with their types, timestamp", () => {
  assertEquals(parseLines('m,a=1,b=x f=1.5,i=-3i,u=7u,t=true,s="x" 1700000000000000001\n'), [{
    measurement: "m",
    tags: [["a", "1"], ["b", "x"]],
    fields: [
      { name: "f", type: "float", value: 1.5 },
      { name: "i", type: "integer", value: -3 },
      { name: "u", type: "unsigned", value: 7 },
      { name: "t", type: "boolean", value: true },
      { name: "s", type: "string", value: "x" },
    ],
    timestamp: 1_700_000_000_000_000_001n,
  }]);
});

Deno.test("escapes are undone where the format has them, and a backslash elsewhere is a backslash", () => {
  const [line] = parseLines('m\\ \\,\\x=,t\\ \\=\\,=v\\ \\=\\,\\y f\\ \\=="q\\" \\\\ \\n , =" 1');
  assertEquals(line?.measurement, "m ,\\x=");
  assertEquals(line?.tags, [["t =,", "v =,\\y"]]);
  assertEquals(line?.fields, [{ name: "f =", type: "string", value: 'q" \\ \\n , =' }]);
});

Deno.test("a string may hold a newline; the next line begins after it", () => {
  const lines = parseLines('m s="a\nb" 1\nm f=2 2');
  assertEquals(lines.map(({ fields, timestamp }) => [fields[0]?.value, timestamp]), [["a\nb", 1n], [2, 2n]]);
});

Deno.test("numbers: floats of every form, integers to the last of 64 bits", () => {
  const forms = ["1", "1.", ".5", "-1.5e-3", "+2E8", "9223372036854775807i", "18446744073709551615u"];
  for (const form of forms) assertEquals(parseLines(`m f=${form} 1`).length, 1, form);
  for (const word of ["t", "T", "true", "True", "TRUE", "f", "F", "false", "False", "FALSE"]) {
    assertEquals(parseLines(`m f=${word} 1`)[0]?.fields[0]?.value, word.toLowerCase().startsWith("t"));
  }
});

Deno.test("what a database would drop in silence is an error here", () => {
  const broken = {
    "no timestamp": "m f=1",
    "no fields": "m 1",
    "no measurement": ",a=1 f=1 1",
    "a comment": "# m f=1 1",
    "an empty tag value": "m,a= f=1 1",
    "an empty tag name": "m,=1 f=1 1",
    "a tag value that ends with a backslash": "m,a=1\\ f=1 1",
    "a control character": "m,a=1\t f=1 1",
    "a tag without a value": "m,a f=1 1",
    "a tag that is named twice": "m,a=1,a=2 f=1 1",
    "a field that is named twice": "m f=1,f=2 1",
    "no number": "m f=NaN 1",
    "an infinite number": "m f=1e400 1",
    "an integer of 65 bits": "m f=9223372036854775808i 1",
    "a negative unsigned integer": "m f=-1u 1",
    "an open string": 'm f="x 1',
    "a float as timestamp": "m f=1 1.5",
    "a timestamp of 65 bits": "m f=1 9223372036854775808",
    "two spaces": "m  f=1 1",
    "a space at the end": "m f=1 1 ",
    "an empty line": "m f=1 1\n\nm f=1 1",
    "a carriage return": "m f=1 1\r\n",
  };
  for (const [what, text] of Object.entries(broken)) {
    assertThrows(() => parseLines(text), LineError, "", what);
  }
});

Deno.test("an error says line and column", () => {
  const error = assertThrows(() => parseLines("m f=1 1\nm f=x 1"), LineError);
  assertEquals([error.line, error.column], [2, 6]);
});
