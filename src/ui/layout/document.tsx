import { html, raw } from "hono/html";
import type { JSX } from "hono/jsx/jsx-runtime";
import type { Answer, PageRequest, Status } from "../../api/mod.ts";
import { ASSET_NAMES } from "../assets/assets.ts";
import type { Content, UiPage } from "../page.ts";
import { Facts } from "./facts.tsx";
import { ICON } from "./icon.ts";
import { Nav, Who } from "./nav.tsx";
import { titleOf } from "./title.ts";

/** What a document is made of. */
export interface Parts {
  readonly page: UiPage;
  readonly request: PageRequest;
  /** The gateway now; `undefined` on a page that nobody had to sign in for. */
  readonly status: Answer<Status> | undefined;
  readonly content: Content;
}

/** A whole page: frame and content. */
export async function documentOf(parts: Parts): Promise<string> {
  const { page, status, content } = parts;
  const now = status?.ok ? status.value : undefined;
  const data = { status: now ?? null, viewer: parts.request.viewer, page: content.data };
  return String(
    await html`<!doctype html>${(
      <html lang="en">
        <head>
          <meta charset="utf-8" />
          <meta name="viewport" content="width=device-width, initial-scale=1" />
          <meta name="color-scheme" content="light dark" />
          <title>{titleOf(content.title, now)}</title>
          <link rel="icon" href={ICON} />
          <link rel="stylesheet" href={`/assets/${ASSET_NAMES.style}`} />
          <script src={`/assets/${ASSET_NAMES.theme}`}></script>
          <script type="module" src={`/assets/${ASSET_NAMES.app}`}></script>
        </head>
        <body data-page={page.name} data-title={content.title}>
          <a class="skip" href="#main">Skip to the content</a>
          <Top parts={parts} now={now} />
          <p id="banner" class="banner" role="status" hidden></p>
          <main id="main" tabindex={-1}>
            {status !== undefined && !status.ok
              ? (
                <section class="panel look">
                  <h1>The gateway does not say how it is.</h1>
                  <p>{status.detail}. The page tries again by itself.</p>
                </section>
              )
              : null}
            {content.body}
          </main>
          <Foot request={parts.request} now={now} />
          <script type="application/json" id="page-data">{raw(embedded(data))}</script>
        </body>
      </html>
    )}`,
  );
}

function Top({ parts, now }: { parts: Parts; now: Status | undefined }): JSX.Element {
  const { viewer } = parts.request;
  return (
    <header>
      <div class="bar">
        <a class="brand" href="/">Sluice</a>
        {parts.status === undefined ? null : <Nav here={parts.page.name} />}
        <span class="space"></span>
        {viewer === null ? null : <Who viewer={viewer} />}
        <button type="button" class="plain" data-do="theme" aria-label="Dark or light">◐</button>
      </div>
      <div class="facts" id="facts">{now === undefined ? null : <Facts status={now} />}</div>
    </header>
  );
}

function Foot({ request, now }: { request: PageRequest; now: Status | undefined }): JSX.Element {
  return (
    <footer>
      <span>
        {request.viewer?.local
          ? "No tokens are configured: everyone on this machine may look and operate, nobody else gets in."
          : ""}
      </span>
      <noscript>
        <span>
          Without scripts this page shows {now?.now.slice(11, 19) ?? "its moment"} UTC: reload it for now.
        </span>
      </noscript>
      <span>Sluice {now?.version ?? ""}</span>
      <a href="/docs">API</a>
    </footer>
  );
}

/** JSON that cannot end the element that it stands in (HTML, section 4.12.1.3). */
function embedded(data: unknown): string {
  return JSON.stringify(data).replaceAll("<", "\\u003c");
}
