import { assertEquals, assertRejects } from "@std/assert";
import { Commands, giveCommand } from "../../../src/gateway/commands.ts";
import type { Command } from "../../../src/model/mod.ts";

const ACKNOWLEDGE = { kind: "acknowledge", alert: "hot:d1", by: "anna", note: null } as const;
const UNSILENCE = { kind: "unsilence", id: "s1", by: "anna" } as const;

/** An inbox that only counts. */
class FakeInbox {
  writable = true;
  readonly appended: Command[] = [];

  command(command: Command): number {
    return this.appended.push(command);
  }
}

/** What a promise came to by now. */
async function now<T>(promise: Promise<T>): Promise<T | "waits"> {
  return await Promise.race([promise, Promise.resolve().then(() => "waits" as const)]);
}

Deno.test("a command is answered when the river has taken it in, each by its position", async () => {
  const inbox = new FakeInbox();
  const commands = new Commands(inbox);
  const first = commands.give(ACKNOWLEDGE);
  const second = commands.give(UNSILENCE);
  assertEquals(inbox.appended, [ACKNOWLEDGE, UNSILENCE]);
  assertEquals(await now(first), "waits");
  commands.settled(2, { kind: "unsilence", outcome: "removed" });
  assertEquals([await second, await now(first)], [{ kind: "unsilence", outcome: "removed" }, "waits"]);
  commands.settled(1, { kind: "acknowledge", outcome: "already" });
  assertEquals(await first, { kind: "acknowledge", outcome: "already" });
  commands.settled(1, { kind: "acknowledge", outcome: "unknown" });
});

Deno.test("a command that a replay gives again is nobody's", () => {
  new Commands(new FakeInbox()).settled(7, { kind: "acknowledge", outcome: "acknowledged" });
});

Deno.test("an inbox that takes nothing in is not written to, and whoever asks is told", async () => {
  const inbox = new FakeInbox();
  inbox.writable = false;
  assertEquals((await new Commands(inbox).give(ACKNOWLEDGE)).kind, "unavailable");
  assertEquals(inbox.appended, []);
});

Deno.test("who still waits when the gateway stops gets an answer", async () => {
  const commands = new Commands(new FakeInbox());
  const waiting = commands.give(ACKNOWLEDGE);
  commands.close();
  assertEquals((await waiting).kind, "unavailable");
});

Deno.test("the result of another command is a bug, and not an answer", async () => {
  const commands = new Commands(new FakeInbox());
  const waiting = commands.give(ACKNOWLEDGE);
  commands.settled(1, { kind: "silence", outcome: "silenced" });
  await assertRejects(() => waiting, TypeError, 'The command "acknowledge" got the result of "silence"');
});

Deno.test("commands are taken while the gateway runs: not before its replay is through, not on its way out", async () => {
  const inbox = new FakeInbox();
  const core = { commands: new Commands(inbox) };
  for (const phase of ["replaying", "stopping"] as const) {
    assertEquals((await giveCommand({ phase, core }, ACKNOWLEDGE)).kind, "unavailable");
  }
  assertEquals(inbox.appended, []);
  const given = giveCommand({ phase: "running", core }, ACKNOWLEDGE);
  core.commands.settled(1, { kind: "acknowledge", outcome: "acknowledged" });
  assertEquals(await given, { kind: "acknowledge", outcome: "acknowledged" });
});
