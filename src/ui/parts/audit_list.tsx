import type { JSX } from "hono/jsx/jsx-runtime";
import type { Answer, AuditEntry, Page } from "../../api/mod.ts";
import { Unavailable } from "./unavailable.tsx";
import { moment } from "./words.ts";

/** Who did what, newest first. */
export function AuditList(
  { audit, now }: { audit: Answer<Page<AuditEntry>>; now: string },
): JSX.Element | null {
  if (!audit.ok) return <Unavailable answer={audit} what="The audit" />;
  const { items, next_cursor: next } = audit.value;
  if (items.length === 0) return <p class="quiet">Nobody has done anything yet.</p>;
  return (
    <>
      <table class="told">
        <thead>
          <tr>
            <th scope="col" class="n">no.</th>
            <th scope="col">when</th>
            <th scope="col">who</th>
            <th scope="col">what</th>
            <th scope="col" class="wide">from</th>
            <th scope="col" class="wide">hash</th>
          </tr>
        </thead>
        <tbody>
          {items.map(({ sequence, at, action, actor, role, address, target, detail, hash }) => (
            <tr key={String(sequence)}>
              <td class="n quiet">{sequence}</td>
              <td class="name">{moment(now, at)}</td>
              <td>
                {actor}
                <small>{role ?? ""}</small>
              </td>
              <td>
                {action.replaceAll("_", " ")}
                <span class="code target">{target}</span>
                <small>{detailWords(detail)}</small>
              </td>
              <td class="wide code">{address ?? ""}</td>
              <td class="wide code quiet" title={hash}>{hash.slice(0, 12)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {next === null ? null : (
        <p class="row paging">
          <a class="button" href={`/settings?older=${encodeURIComponent(next)}`}>Older</a>
        </p>
      )}
    </>
  );
}

function detailWords(detail: AuditEntry["detail"]): string {
  return Object.entries(detail).filter(([, value]) => value !== null)
    .map(([name, value]) => `${name.replaceAll("_", " ")}: ${value}`).join(", ");
}
