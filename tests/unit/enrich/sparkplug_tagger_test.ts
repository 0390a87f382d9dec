import { assert, assertEquals } from "@std/assert";
import { tagger } from "../../../src/enrich/mod.ts";
import { parseTemplate } from "../../../src/model/mod.ts";

/** Device and tags of a topic; `undefined` where it does not match. */
function tag(topicTemplate: string, topic: string): unknown {
  const template = parseTemplate(topicTemplate);
  assert(!("reason" in template), `${topicTemplate} is no template`);
  const rule = { topic: topicTemplate, profile: "p", format: "sparkplug_b", tags: {} } as const;
  const tagging = tagger(rule, template)(topic);
  return tagging?.ok === true ? [tagging.device, Object.fromEntries(tagging.tags)] : tagging;
}

Deno.test("sparkplug: the type of a message is no tag, whatever its level is called", () => {
  const template = "spBv1.0/{group}/{type}/{node}/{device}";
  const expected = ["d", { group: "g", node: "n", device: "d" }];
  assertEquals(tag(template, "spBv1.0/g/DDATA/n/d"), expected);
  assertEquals(tag(template, "spBv1.0/g/DBIRTH/n/d"), expected);
});

Deno.test("sparkplug: without a {device} level the device is group, node and device, the same for all types", () => {
  const template = "spBv1.0/{group}/+/{node}/#";
  assertEquals(tag(template, "spBv1.0/g/NBIRTH/n"), ["g/n", { group: "g", node: "n", device: "g/n" }]);
  assertEquals(tag(template, "spBv1.0/g/DDATA/n/d"), ["g/n/d", { group: "g", node: "n", device: "g/n/d" }]);
  assertEquals(tag(template, "spBv1.0/g/DDEATH/n/d"), ["g/n/d", { group: "g", node: "n", device: "g/n/d" }]);
});

Deno.test("sparkplug: what says nothing about a device does not match", () => {
  const other = [
    "spBv1.0/g/NCMD/n",
    "spBv1.0/g/DCMD/n/d",
    "spBv1.0/STATE/host",
    "spBv1.0/g/STATE/host",
    "spBv1.0/g/NDATA/n/d",
    "spBv1.0/g/DDATA/n",
    "spBv1.0/g/DDATA/n/",
    "spBv1.0/g/DDATA//d",
    "spBv1.0//NDATA/n",
    "spBv1.0/g/DDATA/n/d/e",
    "spAv1.0/g/NDATA/n",
    "spBv1.0",
  ];
  for (const topic of other) assertEquals(tag("spBv1.0/#", topic), undefined, topic);
});
