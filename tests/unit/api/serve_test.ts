import { assertEquals, assertStringIncludes } from "@std/assert";
import { systemClock } from "../../../src/clock.ts";
import { serveApi, type ServedApi } from "../../../src/api/mod.ts";
import { fakeViews, localApi } from "./fake_gateway.ts";

const ports = { clock: systemClock, randomId: () => crypto.randomUUID(), onEvent: () => {} };

Deno.test("it listens, says so clearly when the port is in use, and leaves nothing behind", async () => {
  const api = localApi();
  const served = await serveApi(api, { host: "127.0.0.1", port: 0, ...ports });
  if ("reason" in served) throw new Error(served.text);
  const answer = await fetch(`http://127.0.0.1:${served.port}/api/v1/ledger`);
  assertEquals([answer.status, (await answer.json()).balanced], [200, true]);

  const second = await serveApi(api, { host: "127.0.0.1", port: served.port, ...ports });
  if (!("reason" in second)) throw new Error("a second listener on one port");
  assertEquals(second, {
    reason: "port_in_use",
    text: `The API cannot listen on "127.0.0.1:${served.port}": the port is in use; ` +
      "end the program that has it or set api.listen to another port",
  });

  await served.close();
  const third = await serveApi(api, { host: "127.0.0.1", port: served.port, ...ports });
  if ("reason" in third) throw new Error(third.text);
  await third.close();
});

Deno.test("an address that this machine does not have is said clearly", async () => {
  const served = await serveApi(localApi(), { host: "192.0.2.1", port: 0, ...ports });
  if (!("reason" in served)) throw new Error("it listens on an address of a documentation network");
  assertEquals(served.reason, "address_not_here");
  assertStringIncludes(served.text, '"192.0.2.1:0"');
});

Deno.test("a certificate that is none is said clearly", async () => {
  const tls = { cert: "no certificate", key: "no key" };
  const served = await serveApi(localApi(), { host: "127.0.0.1", port: 0, ...ports, tls });
  if (!("reason" in served)) throw new Error("it serves HTTPS without a certificate");
  assertEquals(served.reason, "tls");
});

/** An API whose quarantine answers only when it is told to, served with a goodbye that the test ends. */
async function slowApi(): Promise<{
  served: ServedApi;
  answer: Promise<string | number>;
  finish: () => void;
  endGoodbye: () => void;
}> {
  const asked = Promise.withResolvers<void>();
  const held = Promise.withResolvers<undefined>();
  const quarantine = {
    ...fakeViews().quarantine,
    entry(): Promise<undefined> {
      asked.resolve();
      return held.promise;
    },
  };
  let endGoodbye = (): void => {};
  const clock = {
    after(_ms: number, fire: () => void): { cancel(): void } {
      endGoodbye = fire;
      return { cancel: () => {} };
    },
  };
  const served = await serveApi(localApi({ quarantine }), { host: "127.0.0.1", port: 0, ...ports, clock });
  if ("reason" in served) throw new Error(served.text);
  const answer = fetch(`http://127.0.0.1:${served.port}/api/v1/quarantine/99`).then(async (response) => {
    await response.text();
    return response.status;
  }).catch(() => "cut off");
  await asked.promise;
  return { served, answer, finish: () => held.resolve(undefined), endGoodbye: () => endGoodbye() };
}

Deno.test("closing lets an answer under way finish", async () => {
  const { served, answer, finish } = await slowApi();
  const closed = served.close();
  const health = await fetch(`http://127.0.0.1:${served.port}/healthz`);
  assertEquals(await health.json(), { status: "ok" });
  finish();
  assertEquals(await answer, 404);
  await closed;
});

Deno.test("closing does not wait for an answer that hangs beyond the goodbye", async () => {
  const { served, answer, finish, endGoodbye } = await slowApi();
  const closed = served.close();
  endGoodbye();
  await closed;
  assertEquals(await answer, "cut off");
  finish();
});
