import { assertEquals } from "@std/assert";
import { describeLoss, SessionHistory } from "../../../src/ingest/session_history.ts";

Deno.test("the first session of all is no loss", () => {
  const history = new SessionHistory(undefined, () => 5);
  assertEquals(history.opened(false), undefined);
  assertEquals(history.takeResumed(), false);
});

Deno.test("a session that the broker no longer knows is a loss from the leaving to now", () => {
  let now = 1_000;
  const history = new SessionHistory(undefined, () => now);
  history.opened(false);
  history.takeResumed();
  history.left();
  now = 9_000;
  assertEquals(history.opened(false), { from: 1_000, to: 9_000 });
  assertEquals(history.takeResumed(), false);
});

Deno.test("a session that was left by an earlier process and is lost is a loss", () => {
  assertEquals(new SessionHistory(700, () => 800).opened(false), { from: 700, to: 800 });
  assertEquals(new SessionHistory(700, () => 800).opened(true), undefined);
});

Deno.test("a new session that no record could tell of is told by the next record", () => {
  const history = new SessionHistory(undefined, () => 0);
  history.opened(false);
  history.left();
  history.opened(true);
  assertEquals(history.takeResumed(), false);
  history.left();
  history.opened(true);
  assertEquals(history.takeResumed(), true);
});

Deno.test("a loss names both times", () => {
  const text = describeLoss({ from: 0, to: 60_000 }, "mqtt://b:1883");
  assertEquals(text.endsWith("between 1970-01-01T00:00:00.000Z and 1970-01-01T00:01:00.000Z"), true);
});
