/** The groups of routes, in the order in which a reader meets them. */
export const TAGS = [
  {
    name: "Status",
    description: "What the gateway is about, and where every message, reading and point is.",
  },
  { name: "Devices", description: "The devices seen, their series and values." },
  { name: "Alerts", description: "Rules, what they found, who was told and who takes care of it." },
  { name: "Quarantine", description: "What was refused and why, and its way once more." },
  { name: "Live", description: "What happens, as it happens." },
  {
    name: "Configuration",
    description: "What is in force, what another file would change, and what was learned.",
  },
  { name: "Access", description: "Who is asking, and who did what." },
  { name: "Supervision", description: "For supervisors, Prometheus and programs that read this document." },
  { name: "Pages", description: "For people." },
] as const;

/** One of them. */
export type TagName = (typeof TAGS)[number]["name"];

const OF_RESOURCE: Readonly<Record<string, TagName>> = {
  status: "Status",
  ledger: "Status",
  delivered: "Status",
  devices: "Devices",
  series: "Devices",
  sparklines: "Devices",
  alerts: "Alerts",
  silences: "Alerts",
  rules: "Alerts",
  notifiers: "Alerts",
  quarantine: "Quarantine",
  explain: "Quarantine",
  events: "Live",
  config: "Configuration",
  learned: "Configuration",
  audit: "Access",
  session: "Access",
};

const SUPERVISION = new Set(["/healthz", "/readyz", "/metrics", "/openapi.json"]);

/** The group of a path; `undefined` where its resource has none yet. */
export function tagOf(path: string): TagName | undefined {
  if (SUPERVISION.has(path)) return "Supervision";
  const resource = /^\/api\/v1\/([a-z]+)/.exec(path)?.[1];
  return resource === undefined ? "Pages" : OF_RESOURCE[resource];
}
