import { assert, assertEquals, assertStrictEquals } from "@std/assert";
import { Routes } from "../../../src/pipeline/mod.ts";
import { profile, rulesOf } from "./river_bench.ts";

Deno.test("long topics that somebody makes up do not fill the memory of routes: it begins anew", () => {
  const routes = new Routes(rulesOf(profile([])), new Map());
  const known = routes.routeOf("plant/d1");
  for (let n = 0; n < 100; n++) routes.routeOf(`plant/${n}${"x".repeat(65_000)}`);
  assertStrictEquals(routes.routeOf("plant/d1"), known);
  for (let n = 100; n < 300; n++) routes.routeOf(`plant/${n}${"x".repeat(65_000)}`);
  assert(routes.routeOf("plant/d1") !== known);
  assertEquals(routes.routeOf("plant/d1")?.device, known?.device);
});
