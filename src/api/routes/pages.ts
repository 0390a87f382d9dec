import { z } from "@hono/zod-openapi";
import type { Context } from "hono";
import { gzip } from "node:zlib";
import { promisify } from "node:util";
import type { App } from "../app.ts";
import type { Environment } from "../environment.ts";
import type { Ask, PageRequest, PageRoute, PagesPort, Viewer } from "../pages.ts";
import { ProblemError } from "../problem.ts";
import { declare } from "../route.ts";

/** Seconds that a browser keeps an asset: a year, the most that RFC 9111's heuristics know. */
const FOR_EVER = 31_536_000;

const compress = promisify(gzip);

/** Adds the dashboard: its pages and the files that they load. */
export function pageRoutes(app: App, pages: PagesPort, open: () => boolean): void {
  for (const page of pages.routes) addPage(app, page, pages.policy, open);
  const route = declare("none", {
    method: "get",
    path: "/assets/{name}",
    summary: "A script or style of the dashboard",
    request: { params: z.object({ name: z.string().max(128) }) },
    responses: {
      200: {
        description: "The file; its name changes with its content",
        content: { "text/javascript": { schema: z.string() }, "text/css": { schema: z.string() } },
      },
    },
  });
  app.openapi(route, (c) => {
    const asset = pages.asset(c.req.valid("param").name);
    if (asset === undefined) {
      throw new ProblemError("not_found", { detail: "There is no such file; reload the page that named it" });
    }
    const headers = { "Content-Type": asset.type, "Cache-Control": `public, max-age=${FOR_EVER}, immutable` };
    return takesGzip(c)
      ? c.body(asset.gzip, 200, { ...headers, "Content-Encoding": "gzip", "Vary": "Accept-Encoding" })
      : c.body(asset.plain, 200, { ...headers, "Vary": "Accept-Encoding" });
  });
}

function addPage(app: App, page: PageRoute, policy: string, open: () => boolean): void {
  const names = [...page.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? "");
  const route = declare(page.role, {
    method: "get",
    path: page.path,
    summary: page.summary,
    request: { params: z.object(Object.fromEntries(names.map((name) => [name, z.string().max(512)]))) },
    responses: {
      200: { description: "A page for people", content: { "text/html": { schema: z.string() } } },
    },
  });
  app.openapi(route, async (c) => {
    const { status, html } = await page.render(requestOf(app, c, c.req.valid("param"), open()));
    const headers = {
      "Content-Type": "text/html; charset=utf-8",
      "Content-Security-Policy": policy,
      "Vary": "Accept-Encoding",
    };
    if (!takesGzip(c)) return c.body(html, status, headers);
    return c.body(new Uint8Array(await compress(html)), status, { ...headers, "Content-Encoding": "gzip" });
  });
}

function requestOf(
  app: App,
  c: Context<Environment>,
  params: Readonly<Record<string, string>>,
  open: boolean,
): PageRequest {
  const principal = c.get("principal");
  const viewer: Viewer | null = principal.kind === "anonymous" ? null : {
    name: principal.kind === "local" ? "local" : principal.name,
    role: principal.role,
    local: principal.kind === "local",
  };
  const ask: Ask = async (path) => {
    const answer = await app.fetch(
      new Request(new URL(path, c.req.url), { headers: { accept: "application/json" } }),
      { address: c.env.address, inside: principal },
    );
    if (answer.ok) return { ok: true, value: await answer.json() };
    return { ok: false, status: answer.status, detail: await detailOf(answer) };
  };
  return { params, query: new URL(c.req.url).searchParams, viewer, open, ask };
}

/** The sentence of a problem (RFC 9457). */
async function detailOf(answer: Response): Promise<string> {
  const problem: { detail?: unknown } = await answer.json();
  return typeof problem.detail === "string" ? problem.detail : `The API answered ${answer.status}`;
}

/** Whether the browser takes gzip (RFC 9110, section 12.5.3); one that weighs codings is asked for no more than that. */
function takesGzip(c: Context<Environment>): boolean {
  const codings = c.req.header("accept-encoding") ?? "";
  return codings.split(",").some((coding) => /^\s*(gzip|\*)\s*(;\s*q=(?!0(\.0*)?\s*$).*)?$/i.test(coding));
}
