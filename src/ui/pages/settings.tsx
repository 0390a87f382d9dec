import type { JSX } from "hono/jsx/jsx-runtime";
import type { Answer, ConfigAnswer, Viewer } from "../../api/mod.ts";
import { loadSettings } from "../data/settings.ts";
import type { UiPage } from "../page.ts";
import { AuditList } from "../parts/audit_list.tsx";
import { may } from "../parts/role.ts";
import { moment } from "../parts/words.ts";

/** The configuration in force, what the file would change, and who did what. */
export const settingsPage: UiPage = {
  name: "settings",
  path: "/settings",
  role: "viewer",
  summary: "Configuration, the difference before a reload, audit",
  async load({ ask, viewer, query }, status) {
    const now = status?.now ?? "";
    if (!may(viewer, "admin")) return { title: "Settings", body: <ForAdmins viewer={viewer} />, data: null };
    const data = await loadSettings(ask, query.get("older"));
    const body: JSX.Element = (
      <>
        <section class="panel" aria-labelledby="config-title">
          <div class="heading">
            <h1 id="config-title">Settings</h1>
            <button type="button" data-do="check">Compare with the file</button>
          </div>
          <div id="config">
            <ConfigInForce config={data.config} now={now} />
          </div>
          <div id="checked"></div>
        </section>
        <section class="panel" aria-labelledby="audit-title">
          <h2 id="audit-title">Who did what</h2>
          <div id="audit" class="scroll">
            <AuditList audit={data.audit} now={now} />
          </div>
        </section>
      </>
    );
    return { title: "Settings", body, data };
  },
};

function ForAdmins({ viewer }: { viewer: Viewer | null }): JSX.Element {
  return (
    <section class="panel">
      <h1>Settings</h1>
      <p>
        The configuration and the audit are for the role admin
        {viewer === null ? "." : `; you are ${viewer.name}, ${viewer.role}.`}
      </p>
      {viewer?.local
        ? (
          <p class="quiet">
            On this machine nobody has to sign in, and so nobody is admin. Make a token with{" "}
            <code>deno task token --name NAME --role admin</code>, put its line under{" "}
            <code>api.tokens</code>, and send the process SIGHUP or start it again.
          </p>
        )
        : null}
    </section>
  );
}

function ConfigInForce({ config, now }: { config: Answer<ConfigAnswer>; now: string }): JSX.Element {
  if (!config.ok) return <p class="quiet">The configuration cannot be shown: {config.detail}.</p>;
  const { file, since, config: sections } = config.value;
  return (
    <>
      <p class="lede">
        From <span class="code">{file ?? "no file"}</span>, in force since {moment(now, since)}{" "}
        UTC. Secrets are left out.
      </p>
      {Object.entries(sections).map(([name, section]) => (
        <details class="section">
          <summary class="code">{name}</summary>
          <pre tabindex={0}>{JSON.stringify(section, null, 2)}</pre>
        </details>
      ))}
    </>
  );
}
