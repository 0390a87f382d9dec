import type { JSX } from "hono/jsx/jsx-runtime";
import type { Answer, QuarantineDetail, Viewer } from "../../api/mod.ts";
import { may } from "./role.ts";
import { Unavailable } from "./unavailable.tsx";
import { bytes, moment } from "./words.ts";

/** One refusal, whole: what came, why it was refused, what can be done. */
export function RefusalEntry(
  { entry, now, viewer }: { entry: Answer<QuarantineDetail>; now: string; viewer: Viewer | null },
): JSX.Element | null {
  if (!entry.ok) {
    return entry.status === 404
      ? <p class="quiet">This entry is not there any more: it was deleted, or its room was needed.</p>
      : <Unavailable answer={entry} what="This entry" />;
  }
  const { id, explanation, kind, received_at, device, profile, topic, payload, payload_bytes, replayed } =
    entry.value;
  return (
    <>
      <h2>Entry {id}</h2>
      <p class="lede-strong">{explanation}</p>
      <dl>
        <dt>refused</dt>
        <dd>
          {KINDS[kind]}, received {moment(now, received_at)} UTC
        </dd>
        {device === null ? null : (
          <>
            <dt>device</dt>
            <dd>
              <a class="code" href={`/devices/${encodeURIComponent(device)}`}>{device}</a>
              {profile === null ? "" : `, profile ${profile}`}
            </dd>
          </>
        )}
        {topic === null ? null : (
          <>
            <dt>topic</dt>
            <dd class="code">{topic}</dd>
          </>
        )}
        <dt>payload</dt>
        <dd>
          {bytes(payload_bytes)}
          {payload.encoding === "base64" ? ", not text: shown as base64" : ""}
          {payload.truncated ? ", only its beginning" : ""}
        </dd>
      </dl>
      <pre class="payload" tabindex={0} aria-label="Payload">{readable(payload.data)}</pre>
      {replayed ? <p class="quiet">It was run again since.</p> : null}
      <div class="acts">
        <button type="button" class="main" data-do="explain" data-id={String(id)}>Explain</button>
        {may(viewer, "operator")
          ? (
            <>
              <button type="button" data-do="try" data-id={String(id)}>Try, change nothing</button>
              <button type="button" data-do="replay" data-id={String(id)}>Replay</button>
              <button type="button" data-do="delete" data-id={String(id)}>Delete</button>
            </>
          )
          : null}
      </div>
      <div id="explained"></div>
    </>
  );
}

const KINDS = {
  message: "a whole message",
  reading: "one reading of a message",
  point: "a point, by the database",
} as const;

/** Room that indents may take, as a multiple of the text: what is nested deeper is no easier to read. */
const ROOM = 3;

/** JSON with line breaks and indents; where that could change a digit, and everything else, as it is. */
export function readable(text: string): string {
  if (/\d{16}|\d[eE]/.test(text)) return text;
  try {
    const shown = JSON.stringify(JSON.parse(text), null, 2);
    return shown.length < ROOM * text.length ? shown : text;
  } catch {
    return text;
  }
}
