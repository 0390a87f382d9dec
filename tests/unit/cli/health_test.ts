import { assertEquals, assertStringIncludes } from "@std/assert";
import { health } from "../../../src/cli/health.ts";
import type { CliIo } from "../../../src/cli/io.ts";
import { memorySources } from "../config/memory_sources.ts";

function run(): { io: CliIo; said: () => string } {
  const said: string[] = [];
  const io: CliIo = {
    stdout: (text) => void said.push(text),
    stderr: (text) => void said.push(text),
    isTerminal: false,
    color: false,
    env: () => undefined,
    readBytes: (path) => Promise.reject(new Deno.errors.NotFound(path)),
    sources: memorySources({}),
  };
  return { io, said: () => said.join("") };
}

Deno.test("health asks /healthz, with --ready /readyz, and says what it heard", async () => {
  for (const [ready, path] of [[false, "/healthz"], [true, "/readyz"]] as const) {
    const { io, said } = run();
    const asked: string[] = [];
    const code = await health({ url: "http://127.0.0.1:8080", ready }, io, (url) => {
      asked.push(url);
      return Promise.resolve({ status: ready ? 503 : 200, text: "{}\n" });
    });
    assertEquals([asked, code, said()], [
      [`http://127.0.0.1:8080${path}`],
      ready ? 1 : 0,
      ready ? "503 {}\n" : "200 {}\n",
    ]);
  }
});

Deno.test("health fails where nothing answers, and for an address that is none", async () => {
  const silent = run();
  const nobody = (): Promise<never> => Promise.reject(new Error("connection refused"));
  assertEquals(await health({ url: "http://127.0.0.1:1", ready: false }, silent.io, nobody), 1);
  assertStringIncludes(silent.said(), "does not answer at http://127.0.0.1:1/healthz: connection refused");
  const wrong = run();
  assertEquals(await health({ url: "ftp://here", ready: false }, wrong.io, nobody), 2);
});
