import { assert, assertEquals } from "@std/assert";
import { Device, type DeviceMessage } from "../../../devices/simulator/mod.ts";
import { appLog } from "../../../devices/simulator/models/app_log.ts";

/** Half an hour of one host's log. */
function lines(index = 0, seed = 3): DeviceMessage[] {
  const device = new Device(seed, index, 5, [appLog]);
  return Array.from({ length: 18_000 }, () => device.take());
}

function share(of: readonly DeviceMessage[], is: (message: DeviceMessage) => boolean): number {
  return of.filter(is).length / of.length;
}

const isError = ({ fields }: DeviceMessage): boolean =>
  typeof fields.severity === "string" && ["err", "crit", "alert", "emerg"].includes(fields.severity);

Deno.test("a log is believable: mostly debug and info, every severity now and then, numbers that vary", () => {
  const all = lines();
  const severity = (name: string): number => share(all, ({ fields }) => fields.severity === name);
  assert(severity("debug") + severity("info") > 0.6);
  for (const name of ["notice", "warning", "err", "crit"]) assert(severity(name) > 0.002, name);
  assert(severity("emerg") < severity("crit"));
  const texts = new Set(all.map(({ fields }) => fields.message));
  assert(texts.size > 0.5 * all.length, `${texts.size} texts`);
  const facilities = new Set(all.map(({ fields }) => fields.facility));
  assertEquals(facilities, new Set(["shop", "auth", "cron", undefined]));
});

Deno.test("errors come in bursts: the next line after one is far more often one too", () => {
  const all = lines(1);
  const after = all.filter((_, at) =>
    at > 0 && isError(all[at - 1] ?? { elapsed: 0, sequence: 0, fields: {} })
  );
  assert(
    share(after, isError) > 2 * share(all, isError),
    `${share(after, isError)} of ${share(all, isError)}`,
  );
  // In between it is quiet: a minute's worth of lines without one.
  let quiet = 0;
  const longest = all.reduce((most, one) => Math.max(most, quiet = isError(one) ? 0 : quiet + 1), 0);
  assert(longest > 50, `${longest} lines without an error`);
});

Deno.test("a service keeps its process number until it is started anew; failed sign-ins matter to security", () => {
  const all = lines(2);
  let before: DeviceMessage["fields"] = {};
  let restarts = 0;
  for (const { fields } of all.filter(({ fields }) => fields.facility === "cron")) {
    if (before.pid !== undefined && before.pid !== fields.pid) {
      restarts++;
      assertEquals(fields.severity, "crit");
    }
    before = fields;
  }
  assert(restarts > 0);
  const grave = all.filter(({ fields }) => fields.security === true);
  assert(grave.length > 0);
  assert(grave.every(({ fields }) => /^(Failed password|Invalid user)/.test(String(fields.message))));
  assertEquals(share(all, ({ fields }) => fields.security !== undefined && fields.facility !== "auth"), 0);
});

Deno.test("some texts are long, of several lines, and hold what a line to a database must escape", () => {
  const texts = lines(3).map(({ fields }) => String(fields.message));
  for (const part of ["\n", '"', "\\", "ö", "=", ","]) {
    assert(texts.some((text) => text.includes(part)), `No text holds ${JSON.stringify(part)}`);
  }
  assert(texts.some((text) => text.length > 256));
});
