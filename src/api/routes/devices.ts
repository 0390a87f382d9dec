import { z } from "@hono/zod-openapi";
import { shown } from "../../model/mod.ts";
import type { App } from "../app.ts";
import { ProblemError } from "../problem.ts";
import { declare } from "../route.ts";
import { DevicePageSchema, DeviceSchema, liveness } from "../schemas/devices.ts";
import { pageQuery, paging } from "../schemas/page.ts";
import { query } from "../schemas/query.ts";
import type { GatewayViews } from "../views.ts";

const search = z.string().max(100, "allowed are at most 100 characters").optional().openapi({
  description: "Part of the id or of a profile's name, in any case",
});

const list = declare("viewer", {
  method: "get",
  path: "/api/v1/devices",
  summary: "The devices seen",
  request: { query: query({ ...paging, liveness: liveness.optional(), search }) },
  responses: {
    200: {
      description: "Devices in order of their ids",
      content: { "application/json": { schema: DevicePageSchema } },
    },
  },
});

const one = declare("viewer", {
  method: "get",
  path: "/api/v1/devices/{id}",
  summary: "One device",
  request: { params: z.object({ id: z.string().min(1) }) },
  responses: {
    200: { description: "The device", content: { "application/json": { schema: DeviceSchema } } },
  },
});

/** Adds `/api/v1/devices` and `/api/v1/devices/{id}`. */
export function deviceRoutes(app: App, views: Pick<GatewayViews, "devices">): void {
  app.openapi(list, (c) => {
    const wanted = c.req.valid("query");
    const { liveness = null, search = null } = wanted;
    return c.json(views.devices.devices({ ...pageQuery(wanted), liveness, search }), 200);
  });
  app.openapi(one, (c) => {
    const { id } = c.req.valid("param");
    const device = views.devices.device(id);
    if (device === undefined) {
      throw new ProblemError("not_found", { detail: `The device "${shown(id)}" is not known` });
    }
    return c.json(device, 200);
  });
}
