import type { JSX } from "hono/jsx/jsx-runtime";
import type { Answer, Page, QuarantineEntry } from "../../api/mod.ts";
import { addressOf, type QuarantineFilter } from "../data/quarantine.ts";
import { Unavailable } from "./unavailable.tsx";
import { ago } from "./words.ts";

/** Single refusals, newest first. */
export function RefusalList(
  { entries, filter, now }: { entries: Answer<Page<QuarantineEntry>>; filter: QuarantineFilter; now: string },
): JSX.Element | null {
  if (!entries.ok) return <Unavailable answer={entries} what="Refusals" />;
  const { items, next_cursor: next } = entries.value;
  const { cursor: here, ...newest } = filter;
  if (items.length === 0) return <p class="quiet">There is no such refusal.</p>;
  return (
    <>
      <table class="told">
        <thead>
          <tr>
            <th scope="col">refused</th>
            <th scope="col">why</th>
            <th scope="col" class="wide">device</th>
            <th scope="col" class="wide">topic</th>
          </tr>
        </thead>
        <tbody>
          {items.map((entry) => (
            <tr key={entry.id} aria-current={String(entry.id) === filter.id ? "true" : undefined}>
              <th scope="row">
                <a href={addressOf({ ...filter, id: String(entry.id) })}>{ago(now, entry.received_at)}</a>
              </th>
              <td>
                <a href={addressOf({ ...filter, id: String(entry.id) })}>{entry.explanation}</a>
                {entry.replayed ? <small>replayed since</small> : null}
              </td>
              <td class="wide code">{entry.device ?? ""}</td>
              <td class="wide code topic">{entry.topic ?? ""}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p class="row paging">
        {here === undefined ? null : <a class="button" href={addressOf(newest)}>Newest</a>}
        {next === null ? null : <a class="button" href={addressOf({ ...filter, cursor: next })}>Older</a>}
      </p>
    </>
  );
}
