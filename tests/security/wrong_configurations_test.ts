/**
 * P8: whatever is wrong with a configuration, what it says holds no secret. Each place that can hold one is given each
 * wrong form.
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { stringify } from "yaml";
import type { Section } from "../support/gateway_process.ts";
import { captured } from "./captured_cli.ts";
import { plant, seen } from "./planted.ts";

/** A value within a configuration, made of its keys from the outside in. */
function nested(path: readonly string[], value: unknown): unknown {
  const [head, ...rest] = path;
  if (head === undefined) return value;
  return head === "[]" ? [nested(rest, value)] : { [head]: nested(rest, value) };
}

const HOOK = ["notifiers", "hook", "webhook"];
const MAIL = ["notifiers", "mail", "email"];

/** Where secrets stand. */
const PLACES: readonly (readonly string[])[] = [
  ["mqtt", "password"],
  ["influxdb", "token"],
  ["influxdb", "password"],
  [...HOOK, "url"],
  [...HOOK, "secret"],
  [...HOOK, "headers", "X-Key"],
  [...MAIL, "password"],
  ["api", "tokens", "[]", "hash"],
];

/** Where addresses stand into which people write secrets. */
const ADDRESSES: readonly (readonly string[])[] = [
  ["mqtt", "url"],
  ["influxdb", "url"],
  [...HOOK, "url"],
  [...MAIL, "smtp"],
  ["notifiers", "logs", "syslog", "server"],
];

const secret = plant("secret");
const encoded = encodeURIComponent(secret.text);
const digits = "90125" + crypto.getRandomValues(new Uint32Array(1)).join("");

/** What people write in place of a text. */
const FORMS: readonly (readonly [form: string, value: unknown])[] = [
  ["a list", [secret.text]],
  ["a mapping", { value: secret.text }],
  ["a mapping of it", { [secret.text]: true }],
  ["a number", Number(digits)],
  ["an unknown variable", `\${${secret.text}}`],
  ["a variable without an end", `\${${secret.text}`],
  ["a default of a variable", `\${NOT_SET:-${secret.text}}\${`],
  ["with a line break", `${secret.text}\nInjected: yes`],
  ["beside its file", undefined],
];

async function checkOf(yaml: string, files: Readonly<Record<string, string>> = {}): Promise<string> {
  const folder = await Deno.makeTempDir({ prefix: "sluice_wrong_" });
  try {
    await Deno.mkdir(`${folder}/profiles`);
    await Deno.writeTextFile(`${folder}/gateway.yaml`, yaml);
    for (const [name, text] of Object.entries(files)) await Deno.writeTextFile(`${folder}/${name}`, text);
    const { code, text } = await captured({}, "check", "--config", `${folder}/gateway.yaml`);
    assertEquals(code, 2, `${yaml}\n${text}`);
    return text;
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

function assertSilent(what: string, text: string): void {
  assertEquals(
    [...seen([secret], text), ...(text.includes(digits) ? ["digits"] : [])],
    [],
    `${what}: ${text}`,
  );
}

const REST: Section = { profiles_dir: "profiles", subscriptions: [], nonsense: 1 };

Deno.test("a secret in a wrong form is not shown, whatever is wrong with it", async () => {
  let tried = 0;
  for (const path of PLACES) {
    for (const [form, value] of FORMS) {
      const key = path.at(-1) ?? "";
      const section = value === undefined
        ? nested(path.slice(0, -1), { [key]: secret.text, [`${key}_file`]: "nowhere" })
        : nested(path, value);
      assertSilent(`${path.join(".")} as ${form}`, await checkOf(stringify({ ...REST, ...Object(section) })));
      tried++;
    }
  }
  assertEquals(tried, PLACES.length * FORMS.length);
});

Deno.test("a secret within an address is not shown", async () => {
  for (const path of ADDRESSES) {
    for (const scheme of ["mqtt", "https", "smtp", "udp", "gopher", ""]) {
      for (
        const address of [
          `${scheme}://user:${encoded}@host.example:99`,
          `${scheme}://${encoded}@host.example`,
          `${scheme}://user:${secret.text}@host.example`,
          `${scheme}://host.example/?token=${encoded}`,
          `${scheme}://host.example/#${encoded}`,
        ]
      ) {
        const section = nested(path, address);
        assertSilent(
          `${path.join(".")} ${scheme}`,
          await checkOf(stringify({ ...REST, ...Object(section) })),
        );
      }
    }
  }
});

Deno.test("a line of YAML that is broken at a secret is not shown", async () => {
  const start = "profiles_dir: nowhere\nsubscriptions: []\n";
  for (
    const yaml of [
      `influxdb:\n  token: "${secret.text}\n`,
      `influxdb: { token: ${secret.text}, token: ${secret.text} }\n`,
      `influxdb:\n  token: @${secret.text}\n`,
      `influxdb:\n  token: [${secret.text}\n`,
      `influxdb:\n\ttoken: ${secret.text}\n`,
      `influxdb:\n  token: *${secret.text}\n`,
      `influxdb:\n  token: !${secret.text} x\n`,
      `influxdb:\n  token: "\\q${secret.text}"\n`,
      `mqtt: { password: ${secret.text}: ${secret.text} }\n`,
      `mqtt:\n  password: |${secret.text}\n`,
    ]
  ) assertSilent(yaml, await checkOf(start + yaml));
});

Deno.test("a secret under a key that is mistyped is not shown", async () => {
  for (const key of ["pasword", "passwort", "token", "secret", "pass", "key"]) {
    for (const section of ["mqtt", "influxdb", "buffer", "privacy", "api"]) {
      const config = { ...REST, [section]: { [key]: secret.text } };
      assertSilent(`${section}.${key}`, await checkOf(stringify(config)));
    }
  }
  assertSilent("at the top", await checkOf(stringify({ ...REST, password: secret.text })));
});

Deno.test("what a key file holds in place of a key is not shown", async () => {
  const files = { weak: "short-hunter2-word", key: `${secret.text} and more of it`, token: "" };
  for (
    const section of [
      { privacy: { key_file: "weak" } },
      { buffer: { encrypt_at_rest: { key_file: "key" } } },
      { buffer: { encrypt_at_rest: { former_key_files: ["key", "weak"] } } },
      { influxdb: { org: "o", bucket: "b", token_file: "token" } },
    ]
  ) {
    const text = await checkOf(stringify({ ...REST, ...section }), files);
    assertSilent(JSON.stringify(section), text);
    assert(!text.includes("hunter2"), text);
  }
});

Deno.test("a secret in the place of its file's path is not shown", async () => {
  const bytes = crypto.getRandomValues(new Uint8Array(32));
  const places = [
    ["mqtt", "password_file"],
    ["influxdb", "token_file"],
    [...MAIL, "password_file"],
    ["privacy", "key_file"],
    ["buffer", "encrypt_at_rest", "key_file"],
    ["buffer", "encrypt_at_rest", "former_key_files", "[]"],
  ];
  for (
    const text of [bytes.toBase64(), bytes.toHex(), `sluice_${bytes.toBase64({ alphabet: "base64url" })}`]
  ) {
    for (const path of places) {
      const said = await checkOf(stringify({ ...REST, ...Object(nested(path, text)) }));
      assert(!said.includes(text), said);
    }
  }
});
