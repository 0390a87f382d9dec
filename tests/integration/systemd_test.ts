import { assert, assertEquals } from "@std/assert";
import { GatewayProcess } from "../support/gateway_process.ts";
import { NotifySocket } from "../support/notify_socket.ts";
import { freePort } from "../support/ports.ts";
import { needService } from "../support/services.ts";

const CONFIG = {
  mqtt: { url: `embedded://127.0.0.1:${freePort()}` },
  subscriptions: [{ topic: "site/{device}", profile: "thermo-hygrometer" }],
};

Deno.test("the gateway tells systemd that it starts, is ready, lives on, and ends", async () => {
  if (needService("systemd-notify") === undefined) return;
  await using socket = await NotifySocket.open();
  // The watchdog is meant for whoever has this number; without one it is meant for the process itself.
  const env = { NOTIFY_SOCKET: socket.path, WATCHDOG_USEC: "1000000" };
  await using gateway = await GatewayProcess.start({ config: CONFIG, env });
  const starting = await socket.hears("EXTEND_TIMEOUT_USEC=60000000");
  const ready = await socket.hears("READY=1");
  assert(starting < ready, `${starting} ${ready}`);
  const first = await socket.hears("WATCHDOG=1");
  const second = await socket.hears("WATCHDOG=1", first + 1);
  assert(socket.heard[second]?.includes("STATUS=0.0 msg/s in"), socket.heard[second]);
  assertEquals(await gateway.stop(), 0);
  await socket.hears("STOPPING=1", second);
  assertEquals(socket.heard.filter((each) => each.includes("READY=1")).length, 1);
  assertEquals(socket.heard.slice(await socket.hears("STOPPING=1") + 1), []);
});

Deno.test("a gateway whose supervisor cannot be told runs on and says so once", async () => {
  if (needService("systemd-notify") === undefined) return;
  const env = { NOTIFY_SOCKET: "/nonexistent/notify", WATCHDOG_USEC: "200000" };
  await using gateway = await GatewayProcess.start({ config: CONFIG, env });
  assertEquals(await gateway.stop(), 0);
  const said = (await gateway.stderr()).split("\n").filter((line) => line.startsWith("systemd is not told"));
  assertEquals(said.length, 1, said.join("\n"));
});
