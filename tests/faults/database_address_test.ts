/** A database that is not where the configuration says, or cannot prove who it is: nothing is sent, nothing is lost. */
import { assertEquals, assertGreater } from "@std/assert";
import { type Certificates, type Identity, makeCertificates } from "../support/certificates.ts";
import { HttpFront } from "../support/http_front.ts";
import { until } from "../support/until.ts";
import { reachable, scenario, Stand, type Trouble, troubled } from "./kit/mod.ts";

scenario(
  "database's host name unknown, then another address in the configuration",
  { shows: ["P2", "P3"] },
  async () => {
    await using stand = await Stand.open(281, { influxdb: { url: "http://nowhere.invalid:8086" } });
    if (stand === undefined) return;
    const { gateway, load } = stand;
    await load.publish(stand.share);
    await troubled(stand, { state: "away", says: /http:\/\/nowhere\.invalid:8086 cannot be reached/ });
    assertEquals((await gateway.get("/readyz")).status, 200);
    await stand.configureDatabase({ url: `http://127.0.0.1:${stand.databaseLine.port}` });
    // The address counts from the next start on, and the log says so.
    gateway.signal("SIGHUP");
    await gateway.logged("restart_needed", ({ sections }) => sections === "influxdb");
    const { points } = await gateway.ledger();
    assertEquals([points.delivered, points.refused], [0, 0]);
    assertEquals(await gateway.stop(), 0);
    stand.faultOver();
    await gateway.start();
    await reachable(stand);
    return await stand.accounted("healed by a restart in order");
  },
);

/** What a front shows who it is with, and what the gateway must say of it. */
const IMPOSTORS: readonly (Trouble & { readonly identity: (made: Certificates) => Identity })[] = [
  { identity: ({ wrongName }) => wrongName, state: "away", says: /certificate.*not valid for name/i },
  { identity: ({ expired }) => expired, state: "away", says: /certificate.*expired/i },
];

scenario("database's certificate for another name, then expired", { shows: ["P2", "P3"] }, async () => {
  const made = await makeCertificates();
  if (made === undefined) return;
  try {
    await using stand = await Stand.open(282, { env: { DENO_CERT: made.ca.certFile }, stopped: true });
    if (stand === undefined) return;
    const { gateway, load, databaseLine, database } = stand;
    await stand.configureDatabase({ url: `https://127.0.0.1:${databaseLine.port}` });
    for (const [n, { identity, ...trouble }] of IMPOSTORS.entries()) {
      const impostor = stand.use(new HttpFront(database.url, identity(made)));
      databaseLine.target = impostor.port;
      databaseLine.cut();
      const { connections } = databaseLine;
      if (n === 0) {
        await gateway.start();
        await gateway.ready();
      }
      await load.publish(Math.round(stand.share * (n + 1) / IMPOSTORS.length));
      await troubled(stand, trouble);
      await until("it was asked more than once", () => databaseLine.connections > connections + 1);
      assertEquals(impostor.writes, 0);
    }
    const { points } = await gateway.ledger();
    assertEquals([points.delivered, points.refused], [0, 0]);
    const front = stand.use(new HttpFront(database.url, made.server));
    databaseLine.target = front.port;
    gateway.signal("SIGHUP");
    stand.faultOver();
    await reachable(stand);
    const row = await stand.accounted("healed by the right one");
    assertGreater(front.delivered, 0);
    return row;
  } finally {
    await made.remove();
  }
});
