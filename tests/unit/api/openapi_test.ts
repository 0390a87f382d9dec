import { assert, assertEquals } from "@std/assert";
import { createConfig, lintFromString } from "@redocly/openapi-core";
import { z } from "zod";
import { operationId } from "../../../src/api/openapi/complete_operation.ts";
import { TAGS } from "../../../src/api/openapi/tags.ts";
import { makePages } from "../../../src/ui/mod.ts";
import { api, get, TOKENS } from "./fake_gateway.ts";

const Parameter = z.object({ name: z.string(), in: z.string(), description: z.string().optional() }).loose();
const Operation = z.object({
  operationId: z.string(),
  tags: z.array(z.string()),
  summary: z.string(),
  description: z.string(),
  "x-role": z.enum(["none", "viewer", "operator", "admin"]),
  security: z.array(z.record(z.string(), z.array(z.string()))),
  parameters: z.array(Parameter).optional(),
  requestBody: z.unknown().optional(),
  responses: z.record(
    z.string(),
    z.object({ description: z.string().optional(), headers: z.record(z.string(), z.unknown()).optional() })
      .loose(),
  ),
}).loose();
const Document = z.object({
  info: z.object({ description: z.string() }).loose(),
  tags: z.array(z.object({ name: z.string() }).loose()),
  paths: z.record(z.string(), z.record(z.string(), Operation)),
  components: z.object({ responses: z.record(z.string(), z.unknown()) }).loose(),
}).loose();

/** The document with the dashboard's pages in it, as a running gateway has it. */
async function text(): Promise<string> {
  return await (await get(api({}, { pages: makePages() }), "/openapi.json", TOKENS.viewer)).text();
}

async function operations(): Promise<
  { method: string; path: string; operation: z.infer<typeof Operation> }[]
> {
  const { paths } = Document.parse(JSON.parse(await text()));
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ method, path, operation }))
  );
}

Deno.test("a linter that reads OpenAPI 3.1 finds nothing to say, with its recommended rules as errors", async () => {
  const config = await createConfig({
    extends: ["recommended-strict"],
    rules: { "tag-description": "error" },
  });
  const problems = await lintFromString({ source: await text(), config });
  assertEquals(problems.map(({ ruleId, message, location }) => [ruleId, message, location[0]?.pointer]), []);
});

Deno.test("every operation says who may, what it is called, where it belongs and which problems it answers", async () => {
  const all = await operations();
  const groups = new Set<string>(TAGS.map(({ name }) => name));
  for (const { method, path, operation } of all) {
    const where = `${method} ${path}`;
    const { tags, description, responses, parameters = [], security } = operation;
    const role = operation["x-role"];
    assert(tags.length === 1 && tags.every((tag) => groups.has(tag)), where);
    assert(description.endsWith(role === "none" ? "Anyone may." : `Needs the role \`${role}\`.`), where);
    assertEquals(security.length > 0, role !== "none", where);
    const statuses = Object.keys(responses);
    for (const status of ["403", "429", "503", "default"]) {
      assert(statuses.includes(status), `${where} ${status}`);
    }
    if (role !== "none") assert(statuses.includes("401"), where);
    if (operation.requestBody !== undefined) {
      assert(statuses.includes("413") && statuses.includes("400"), where);
    }
    if (path.includes("{")) assert(statuses.includes("404"), where);
    for (const [status, answer] of Object.entries(responses)) {
      assert("$ref" in answer || answer.headers?.["X-Request-Id"] !== undefined, `${where} ${status}`);
    }
    const unexplained = parameters.filter((each) => each.description === undefined);
    assertEquals(unexplained.map(({ name }) => name), [], where);
  }
  const ids = all.map(({ operation }) => operation.operationId);
  assertEquals(ids.filter((id, index) => ids.indexOf(id) !== index), [], "no two have one name");
});

Deno.test("an operation is named by its method and path", () => {
  assertEquals(operationId("get", "/api/v1/devices"), "getDevices");
  assertEquals(operationId("get", "/api/v1/devices/{id}"), "getDevicesById");
  assertEquals(operationId("post", "/api/v1/config/validate"), "postConfigValidate");
  assertEquals(operationId("get", "/openapi.json"), "getOpenapiJson");
  assertEquals(operationId("get", "/devices/{id}"), "pageDevicesById");
  assertEquals(operationId("get", "/"), "pageHome");
});

Deno.test("lists and documents have a tag to ask again with, streams and pages have none", async () => {
  for (const { method, path, operation } of await operations()) {
    const names = (operation.parameters ?? []).map(({ name }) => name);
    const ok = operation.responses[200];
    const json = JSON.stringify(ok ?? {}).includes('"application/json"');
    assertEquals(names.includes("If-None-Match"), method === "get" && json, path);
    assertEquals("304" in operation.responses, method === "get" && json, path);
  }
});

Deno.test("what holds for every route stands at the head: request ids, problems, limits", async () => {
  const { info } = Document.parse(JSON.parse(await text()));
  for (const words of ["X-Request-Id", "RFC 9457", "16 KiB", "requests a second"]) {
    assert(info.description.includes(words), words);
  }
});
