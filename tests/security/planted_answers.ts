/**
 * Everything that the API answers, to everybody: what it says of itself, of its configuration, of its errors.
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { fromFreshAddress } from "../support/from_address.ts";
import { until } from "../support/until.ts";
import type { PlantedSite } from "./planted_site.ts";

/** An answer with its headers. */
export interface Said {
  readonly where: string;
  readonly text: string;
}

/** Bytes of a stream of events that are looked at, and how long, ms. */
const STREAM = { bytes: 65_536, ms: 1_500 };

type Ask = (path: string, init?: RequestInit) => Promise<{
  readonly status: number;
  readonly headers: string;
  readonly text: string;
  readonly setCookie: string;
}>;

/** Asks as somebody, each time from another address, so that nobody is locked out for a wrong token. */
function asking(site: PlantedSite, as: Readonly<Record<string, string>>): Ask {
  const once: Ask = (path, init = {}) =>
    fromFreshAddress(async (client) => {
      const abort = new AbortController();
      const response = await fetch(`${site.gateway.url}${path}`, {
        redirect: "manual",
        ...init,
        headers: { ...as, ...Object.fromEntries(new Headers(init.headers)) },
        signal: abort.signal,
        client,
      });
      const endless = response.headers.get("content-type")?.startsWith("text/event-stream") === true;
      const text = endless ? await beginningOf(response, abort) : await response.text();
      const setCookie = response.headers.get("set-cookie") ?? "";
      return { status: response.status, headers: JSON.stringify([...response.headers]), text, setCookie };
    });
  // Who is told that they ask too often has seen nothing of what there is.
  return (path, init) =>
    until(`${path} is answered`, async () => {
      const answer = await once(path, init);
      return answer.status === 429 ? undefined : answer;
    }, { timeout: 60_000, every: 100 });
}

/** What comes of a stream at once. */
async function beginningOf(response: Response, abort: AbortController): Promise<string> {
  const timer = setTimeout(() => abort.abort(), STREAM.ms);
  let text = "";
  const decoder = new TextDecoder();
  try {
    for await (const part of response.body ?? []) {
      text += decoder.decode(part, { stream: true });
      if (text.length > STREAM.bytes) break;
    }
  } catch {
    // The time is over.
  } finally {
    clearTimeout(timer);
    abort.abort();
  }
  assert(text.length > 0, "the stream of events said nothing");
  return text;
}

/** A session of the admin: its cookie, which is a secret from now on. */
async function signedIn(site: PlantedSite): Promise<string> {
  const body = JSON.stringify({ token: site.text("admin") });
  const json = { "content-type": "application/json" };
  const { setCookie, text } = await asking(site, {})("/api/v1/session", {
    method: "POST",
    headers: json,
    body,
  });
  const id = /^sluice_session=([^;]+)/.exec(setCookie)?.[1];
  assert(id !== undefined, text);
  assertEquals(text.includes(site.text("admin")), false);
  site.sessions.push({ name: "session", text: id, forms: [id, decodeURIComponent(id)] });
  return `sluice_session=${id}`;
}

/** Everything, to each kind of asker. */
export async function* answers(site: PlantedSite): AsyncGenerator<Said> {
  const admin = asking(site, { authorization: `Bearer ${site.text("admin")}` });
  const { paths } = JSON.parse((await admin("/openapi.json")).text);
  const { items: refused } = JSON.parse((await admin("/api/v1/quarantine")).text);
  const ids: Readonly<Record<string, string>> = { devices: "p1", quarantine: String(refused[0]?.id) };
  const routes = Object.keys(paths).filter((path) => paths[path].get !== undefined);
  const wanted = routes.map((path) => path.replaceAll(/\{\w+\}/g, ids[path.split("/")[3] ?? ""] ?? "x"));
  const token = site.text("admin");
  const askers: Readonly<Record<string, Readonly<Record<string, string>>>> = {
    "nobody": {},
    "viewer": { authorization: `Bearer ${site.text("viewer")}` },
    "admin": { authorization: `Bearer ${token}` },
    "a wrong token": { authorization: `Bearer ${site.text("wrong-mqtt")}` },
    "a session": { cookie: await signedIn(site), "x-sluice-request": "page" },
    "a wrong session": { cookie: `sluice_session=${encodeURIComponent(site.text("wrong-mqtt"))}` },
  };
  for (const [who, headers] of Object.entries(askers)) {
    const ask = asking(site, headers);
    for (
      const path of [
        ...wanted,
        "/nothing",
        `/${token}`,
        `/api/v1/devices/${token}`,
        "/api/v1/devices?limit=x",
      ]
    ) {
      // The stream is the same for everybody who may see it.
      if (path === "/api/v1/events" && who !== "admin") continue;
      const answer = await ask(path);
      // An error says which path there is nothing at, to the one who asked for it.
      const own = path.includes(token) ? answer.text.replaceAll(token, "") : answer.text;
      yield { where: `GET ${path} as ${who}`, text: answer.headers + own };
    }
    for (const { method, path, body } of changes(site, Object.keys(paths))) {
      const init = { method, headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
      const answer = await ask(path, init);
      // The browser that signs in is handed what is its own.
      const headers = answer.headers.replace(/sluice_session=[^;]+/g, "");
      yield { where: `${method} ${path} as ${who}`, text: headers + answer.text };
    }
  }
}

/** Requests that bring secrets, where they belong and where they do not; those of routes that there are. */
function changes(
  site: PlantedSite,
  paths: readonly string[],
): { readonly method: string; readonly path: string; readonly body: unknown }[] {
  const [admin, mqtt] = [site.text("admin"), site.text("mqtt")];
  const topic = "site/north/power/p1";
  const yaml = `mqtt: { url: "mqtt://user:x@127.0.0.1", password: [${JSON.stringify(mqtt)}] }\n`;
  const all = [
    { path: "/api/v1/session", body: { token: site.text("wrong-mail") } },
    { path: "/api/v1/session", body: { tokn: admin, token: [admin] } },
    { path: "/api/v1/explain", body: { topic, payload: '{"power":3}' } },
    { path: "/api/v1/explain", body: { topic, payload: "{" } },
    { path: "/api/v1/config/validate", body: {} },
    { path: "/api/v1/config/validate", body: { text: yaml } },
    { path: "/api/v1/config/validate", body: { text: `api: ${JSON.stringify(admin)}\n` } },
    { path: "/api/v1/config/reload", body: {} },
    { path: "/api/v1/rules/test", body: { rule: `name: ${JSON.stringify(admin)}\nabove: [1]\n` } },
    { path: "/api/v1/quarantine/replay", body: { dry_run: true, device: "p1" } },
  ].filter(({ path }) => paths.includes(path)).map((one) => ({ method: "POST", ...one }));
  // No route takes it.
  return [...all, { method: "POST", path: "/api/v1/config", body: { token: admin } }];
}
