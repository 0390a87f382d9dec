/** A message at which the process dies, whenever it meets it. */
import { assert, assertEquals } from "@std/assert";
import { connectPublisher } from "../support/publisher.ts";
import { scenario, Stand, Supervisor } from "./kit/mod.ts";

/** Put before the program: the process kills itself at the sight of this text. */
const KILLER = `const parse = JSON.parse;
JSON.parse = (text, reviver) => {
  if (typeof text === "string" && text.includes("poison")) Deno.kill(Deno.pid, "SIGKILL");
  return parse(text, reviver);
};
`;

scenario(
  "a planted record kills the process whenever it is processed",
  { shows: ["P2", "P3", "P6"] },
  async () => {
    await using stand = await Stand.open(51, { stopped: true });
    if (stand === undefined) return;
    const { gateway, load } = stand;
    const killer = `${gateway.folder}/killer.js`;
    await Deno.writeTextFile(killer, KILLER);
    gateway.rights = ["-A", "--preload", killer];
    await gateway.start();
    await gateway.ready();
    await using supervisor = new Supervisor(gateway);
    await load.publish(stand.share / 2);
    await load.settled();
    const publisher = await connectPublisher(stand.broker.url());
    const poison = { topic: "site/north/climate/mallory", payload: '{"note":"poison","temperature":1}' };
    await publisher.publish(poison.topic, poison.payload);
    await publisher.close();
    // It counts like any other message; its fate is the quarantine.
    load.sent.push(poison);
    load.acknowledged++;
    await load.publish(stand.share);
    stand.faultOver();
    const row = await stand.accounted();
    const { items } = (await gateway.get("/api/v1/quarantine")).body;
    assertEquals(items.map((item: { reason: string }) => item.reason), ["internal"]);
    assert(supervisor.ends.length > 0 && supervisor.ends.every((end) => end === "SIGKILL"));
    return { ...row, note: `${supervisor.ends.length} deaths, then it is left out` };
  },
);
