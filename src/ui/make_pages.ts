import type { PageRoute, PagesPort, Status } from "../api/mod.ts";
import { assetNamed } from "./assets/assets.ts";
import { PAGE_POLICY } from "./assets/policy.ts";
import { documentOf } from "./layout/document.tsx";
import type { UiPage } from "./page.ts";
import { PAGES } from "./pages/registry.ts";

/** The dashboard, ready to be handed to the API. */
export function makePages(): PagesPort {
  return { routes: PAGES.map(route), policy: PAGE_POLICY, asset: assetNamed };
}

function route(page: UiPage): PageRoute {
  const { path, role, summary } = page;
  return {
    path,
    role,
    summary,
    async render(request) {
      const status = role === "none" ? undefined : await request.ask<Status>("/api/v1/status");
      const content = await page.load(request, status?.ok ? status.value : undefined);
      const html = await documentOf({ page, request, status, content });
      return { status: content.status ?? 200, html };
    },
  };
}
