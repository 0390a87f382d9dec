import { assertEquals } from "@std/assert";
import { loadConfig } from "../../../src/config/mod.ts";
import { memorySources } from "./memory_sources.ts";

async function historyOf(more: string): Promise<unknown> {
  const loaded = await loadConfig(
    "gateway.yaml",
    memorySources({
      "gateway.yaml": `subscriptions: [{ topic: "t/{device}", profile: room }]\n${more}`,
      "devices/profiles/room.yaml":
        "profile: room\nmeasurement: climate\nfields: { temperature: { type: float } }\n",
      "key": "0f".repeat(32),
    }),
  );
  return loaded.ok ? loaded.config.history : loaded.problems;
}

const USUAL = { maxBytes: 512 * 1024 * 1024, keep: 30 * 86_400_000 };
const SEALED = "buffer: { encrypt_at_rest: { key_file: key } }\n";

Deno.test("there is a history unless it is switched off", async () => {
  assertEquals(await historyOf(""), USUAL);
  assertEquals(await historyOf("history: false\n"), false);
  assertEquals(await historyOf("history: { keep: 7d }\n"), { ...USUAL, keep: 7 * 86_400_000 });
});

Deno.test("beside encrypted journals there is one in clear only where it is asked for", async () => {
  assertEquals(await historyOf(SEALED), false);
  assertEquals(await historyOf(`${SEALED}history: {}\n`), USUAL);
});
