import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { parse } from "yaml";
import { AgentProcess } from "../support/agent_process.ts";
import { GatewayProcess, ROOT, type Section } from "../support/gateway_process.ts";
import { freePort } from "../support/ports.ts";
import { until } from "../support/until.ts";

/** The configuration of the README's first real device, on a free port. */
async function thisMachine(port: number, more: Section = {}): Promise<Section> {
  const { gateway: _, profiles_dir: __, ...config } = parse(
    await Deno.readTextFile(`${ROOT}deploy/this-machine.yaml`),
  );
  return { ...config, mqtt: { url: `embedded://127.0.0.1:${port}`, ...more } };
}

/** What the API says of a device, as far as this test looks. */
interface Device {
  readonly id: string;
  readonly messages: number;
  readonly values: readonly { readonly field: string; readonly value: number }[];
}

Deno.test("this machine reports on itself to a gateway that comes later and goes away in between: nothing is missing", async () => {
  const port = freePort();
  // The broker is not there yet: the agent waits, and keeps what it has seen.
  await using agent = await AgentProcess.start([
    ...["--broker", `mqtt://127.0.0.1:${port}`, "--name", "edge-7", "--site", "here", "--every", "1s"],
  ]);
  await until(
    "the agent says that it has no connection",
    () => agent.lines.some((one) => one.event === "disconnected"),
    {
      timeout: 30_000,
      state: () => agent.lines,
    },
  );
  await using gateway = await GatewayProcess.start({ config: await thisMachine(port) });
  const device = async (): Promise<Device | undefined> =>
    (await gateway.get("/api/v1/devices")).body.items.find(({ id }: { id: string }) => id === "edge-7");
  const before = await until("the device has reported five times", async () => {
    const found = await device();
    return found !== undefined && found.messages >= 5 ? found : undefined;
  }, { timeout: 40_000, every: 100, state: () => agent.lines });

  const values = new Map(before.values.map(({ field, value }) => [field, value]));
  for (const field of ["cpu", "memory_used", "disk_used"]) {
    const value = values.get(field);
    assert(value !== undefined && value >= 0 && value <= 100, `${field} is ${value}`);
  }
  for (const field of ["load_1m", "processes", "memory_free", "disk_free", "net_received", "uptime"]) {
    assert(values.has(field), `${field} is missing in ${[...values.keys()]}`);
  }
  // What this machine cannot tell was said once each, and only that is missing.
  const leftOut = agent.lines.filter(({ event }) => event === "left_out").map(({ text }) => text);
  assertEquals(leftOut.length, new Set(leftOut).size);
  for (const text of leftOut) {
    assert(/"(failed_signins|load|processes|net|uptime|cpu|memory|disk)"/.test(text), text);
  }
  assertEquals(values.has("failed_signins"), !leftOut.some((text) => text.includes("failed_signins")));

  assertEquals(await gateway.stop(), 0);
  await until(
    "the agent says that the connection is gone",
    () =>
      agent.lines.findLastIndex((one) => one.event === "disconnected") >
        agent.lines.findLastIndex((one) => one.event === "connected"),
    { timeout: 30_000, state: () => agent.lines },
  );
  await gateway.start();
  await gateway.ready();
  await until(
    "the device goes on where it was",
    async () => ((await device())?.messages ?? 0) >= before.messages + 3,
    {
      timeout: 40_000,
      every: 100,
      state: () => agent.lines,
    },
  );

  assertEquals(await agent.stop(), 0, JSON.stringify(agent.lines));
  const last = agent.lines.at(-1);
  assertEquals(last?.event, "ended");
  const acknowledged = Number(
    /^(\d+) messages published and acknowledged, 0 lost$/.exec(last?.text ?? "")?.[1],
  );
  const ledger = await until("all are processed", async () => {
    const { messages, beside, readings } = await gateway.ledger();
    return messages.waiting === 0 ? { messages, beside, readings } : undefined;
  });
  // A message whose PUBACK was lost with the connection may have come twice: its sequence number shows it.
  assertEquals(ledger.messages.processed, acknowledged);
  assertEquals([ledger.messages.quarantined, ledger.readings.rejected, ledger.beside.sequence_gaps], [
    0,
    0,
    0,
  ]);
});

Deno.test("the agent signs in with a password of a file; a wrong one is said, and SIGINT ends it all the same", async () => {
  const port = freePort();
  await using gateway = await GatewayProcess.start({
    config: await thisMachine(port, { username: "host", password: "correct horse" }),
  });
  await Deno.writeTextFile(`${gateway.folder}/right`, "correct horse\n");
  await Deno.writeTextFile(`${gateway.folder}/wrong`, "battery staple\n");
  const args = [
    "--broker",
    `mqtt://127.0.0.1:${port}`,
    "--name",
    "edge-7",
    "--every",
    "1s",
    "--username",
    "host",
  ];
  {
    await using agent = await AgentProcess.start([...args, "--password-file", `${gateway.folder}/wrong`]);
    const said = await until(
      "the agent says why",
      () => agent.lines.find((one) => one.event === "disconnected"),
      {
        timeout: 30_000,
        state: () => agent.lines,
      },
    );
    assertStringIncludes(said.text.toLowerCase(), "bad username or password");
    await agent.stop("SIGINT");
    assertEquals(agent.lines.at(-1)?.event, "ended");
    assert(!JSON.stringify(agent.lines).includes("battery"));
  }
  await using agent = await AgentProcess.start([...args, "--password-file", `${gateway.folder}/right`]);
  await until("the gateway knows the machine", async () => (await gateway.ledger()).messages.processed > 0, {
    timeout: 30_000,
    every: 50,
    state: () => agent.lines,
  });
  assertEquals(await agent.stop("SIGINT"), 0);
});
