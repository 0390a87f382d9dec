import type { RouteRole } from "../route.ts";
import { answer, REQUEST_ID, type SharedAnswer } from "./problems.ts";
import { tagOf } from "./tags.ts";
import type { AnswerObject, Operation } from "./types.ts";

const NEEDS: Readonly<Record<RouteRole, string>> = {
  none: "Anyone may.",
  viewer: "Needs the role `viewer`.",
  operator: "Needs the role `operator`.",
  admin: "Needs the role `admin`.",
};

/**
 * Says of an operation what is true of it as of many: its name and group, who may, which problems it answers, what every
 * answer has. What its route says stays.
 */
export function completeOperation(method: string, path: string, operation: Operation): Operation {
  const role: RouteRole = operation["x-role"];
  const tag = tagOf(path);
  const own = operation.description ?? `${operation.summary ?? ""}.`;
  const parameters = [
    ...(operation.parameters ?? []).map(described),
    ...conditional(method, operation) ? [IF_NONE_MATCH] : [],
  ];
  return {
    ...operation,
    operationId: operationId(method, path),
    ...(tag === undefined ? {} : { tags: [tag] }),
    description: `${own} ${NEEDS[role]}`,
    ...(parameters.length === 0 ? {} : { parameters }),
    responses: { ...ownAnswers(method, operation), ...problems(path, role, operation) },
  };
}

/** What parameters of these names mean wherever they stand. */
const MEANINGS: Readonly<Record<string, string>> = {
  limit: "at most so many entries",
  cursor: "the `next_cursor` of the answer before",
  device: "only of this device",
  state: "only those that stand so",
  liveness: "only devices that report so",
  reason: "only what was refused for this",
  action: "only what was done so",
  id: "the `id` in the list",
  ids: "their ids, with commas between them",
  points: "at most so many points",
  from: "the beginning, RFC 3339",
  to: "the end, RFC 3339",
  name: "as a page names it",
};

type Parameter = NonNullable<Operation["parameters"]>[number];

function described(parameter: Parameter): Parameter {
  if ("$ref" in parameter || parameter.description !== undefined) return parameter;
  const meaning = MEANINGS[parameter.name];
  return meaning === undefined ? parameter : { ...parameter, description: meaning };
}

/** `GET /api/v1/devices/{id}` → `getDevicesById`, the page `/devices` → `pageDevices`. */
export function operationId(method: string, path: string): string {
  const isPage = tagOf(path) === "Pages";
  const words = path.replace("/api/v1", "").split(/[/.]/).filter((word) => word !== "").map((word) => {
    const name = word.replace(/^\{(\w+)\}$/, "by_$1");
    return name.split(/[_-]/).map((part) => part.slice(0, 1).toUpperCase() + part.slice(1)).join("");
  });
  return `${isPage ? "page" : method}${words.join("") || "Home"}`;
}

function ownAnswers(method: string, operation: Operation): Operation["responses"] {
  const etag = conditional(method, operation) ? { ETag: { $ref: "#/components/headers/ETag" } } : {};
  const answers = Object.entries(operation.responses ?? {}).map(([status, one]: [string, AnswerObject]) => {
    const headers = { ...REQUEST_ID, ...(status === "200" ? etag : {}), ...one.headers };
    return [status, { ...one, headers }];
  });
  const same = {
    description: "Nothing has changed since the answer that `If-None-Match` names",
    headers: REQUEST_ID,
  };
  return { ...Object.fromEntries(answers), ...(conditional(method, operation) ? { 304: same } : {}) };
}

/** Whether its answers have a tag. */
function conditional(method: string, operation: Operation): boolean {
  const ok: AnswerObject | undefined = operation.responses?.[200];
  return method === "get" && ok?.content?.["application/json"] !== undefined;
}

const IF_NONE_MATCH = {
  in: "header" as const,
  name: "If-None-Match",
  required: false,
  description: "The tag of an answer that is there already",
  schema: { type: "string" as const },
};

function problems(path: string, role: RouteRole, operation: Operation): Operation["responses"] {
  const takesBody = operation.requestBody !== undefined;
  const wanted: [status: number, name: SharedAnswer, applies: boolean][] = [
    [400, "BadRequest", takesBody || (operation.parameters ?? []).length > 0],
    [401, "Unauthenticated", role !== "none"],
    [403, "Forbidden", true],
    [404, "NotFound", path.includes("{")],
    [413, "TooLarge", takesBody],
    [415, "UnsupportedMediaType", takesBody],
    [429, "RateLimited", true],
    [503, "Unavailable", true],
  ];
  const missing = wanted.filter(([status, , applies]) =>
    applies && operation.responses?.[status] === undefined
  );
  return {
    ...Object.fromEntries(missing.map(([status, name]) => [status, answer(name)])),
    default: answer("Failed"),
  };
}
