import { assertEquals, assertStringIncludes } from "@std/assert";
import { loadConfig, parseEncryptionKey, redact } from "../../../src/config/mod.ts";
import { memorySources, small } from "./memory_sources.ts";
import { refuses } from "./refuses.ts";

const HEX = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";
const BASE64 = "ABEiM0RVZneImaq7zN3u/wARIjNEVWZ3iJmqu8zd7v8=";
const WANTS =
  ", allowed 32 random bytes on one line, as base64 or as 64 hexadecimal digits, main.ts key makes one";

Deno.test("a key is read from base64 or hexadecimal digits, and from nothing else", () => {
  const bytes = Uint8Array.fromHex(HEX);
  for (const text of [HEX, HEX.toUpperCase(), `${HEX}\n`, `${HEX}\r\n`, BASE64, BASE64.slice(0, -1)]) {
    assertEquals(parseEncryptionKey(text), bytes, text);
  }
  for (
    const text of [
      "",
      "hunter2",
      HEX.slice(1),
      `${HEX}00`,
      `${HEX}\n${HEX}`,
      ` ${HEX}`,
      BASE64.slice(4),
      `${BASE64}AAAA`,
      BASE64.replace("/", "_"),
    ]
  ) assertEquals(parseEncryptionKey(text), undefined, text);
});

Deno.test("key files are read beside the configuration, and no key is in anything that prints it", async () => {
  const files = small("buffer: { encrypt_at_rest: { key_file: keys/new, former_key_files: [keys/old] } }\n", {
    "keys/new": `${HEX}\n`,
    "keys/old": `${BASE64}\n`,
  });
  const loaded = await loadConfig("gateway.yaml", memorySources(files));
  if (!loaded.ok) throw new Error("refused");
  const { encryptAtRest } = loaded.config.buffer;
  assertEquals(encryptAtRest?.key?.reveal(), HEX);
  assertEquals(encryptAtRest?.formerKeys.map((key) => key.reveal()), [BASE64]);
  for (const printed of [JSON.stringify(loaded.config), JSON.stringify(redact(loaded.config))]) {
    assertStringIncludes(printed, '"encryptAtRest":{"key":"[secret]","formerKeys":["[secret]"]}');
    assertEquals(printed.includes(HEX) || printed.includes(BASE64), false);
  }
});

Deno.test("without a key of its own, former keys only read: that is how encryption is switched off", async () => {
  const files = small("buffer: { encrypt_at_rest: { former_key_files: [old] } }\n", { old: HEX });
  const loaded = await loadConfig("gateway.yaml", memorySources(files));
  assertEquals(loaded.ok && loaded.config.buffer.encryptAtRest?.key, undefined);
  assertEquals(loaded.ok && loaded.config.buffer.encryptAtRest?.formerKeys.length, 1);
});

Deno.test("encryption is off unless it is asked for", async () => {
  for (const text of ["", "buffer: { encrypt_at_rest: false }\n"]) {
    const loaded = await loadConfig("gateway.yaml", memorySources(small(text)));
    assertEquals(loaded.ok && loaded.config.buffer.encryptAtRest, undefined);
  }
});

refuses("a key file that is not there is refused", {
  add: "buffer: { encrypt_at_rest: { key_file: nowhere } }\n",
}, [
  'gateway.yaml:3:40 buffer.encrypt_at_rest.key_file: What is named here cannot be read, found "nowhere", there is nothing at this path',
]);

refuses("a key file with another text is refused, and the text is not shown", {
  add: "buffer: { encrypt_at_rest: { key_file: key, former_key_files: [empty, short] } }\n",
  files: { key: "hunter2", empty: "\n", short: HEX.slice(2) },
}, [
  `gateway.yaml:3:40 buffer.encrypt_at_rest.key_file: The file holds no encryption key, found "key"${WANTS}`,
  'gateway.yaml:3:64 buffer.encrypt_at_rest.former_key_files[0]: The secret is empty, found "empty"',
  `gateway.yaml:3:71 buffer.encrypt_at_rest.former_key_files[1]: The file holds no encryption key, found "short"${WANTS}`,
]);

refuses("encryption without any key is refused", { add: "buffer: { encrypt_at_rest: {} }\n" }, [
  "gateway.yaml:3:11 buffer.encrypt_at_rest.key_file: Another key is needed, allowed key_file, or former_key_files to read what was encrypted before, main.ts key makes a key",
]);

refuses("a misspelt key of the section is named", {
  add: "buffer: { encrypt_at_rest: { keyfile: key } }\n",
  files: { key: HEX },
}, [
  'gateway.yaml:3:30 buffer.encrypt_at_rest.keyfile: Unknown key, found "keyfile", did you mean "key_file"',
]);
