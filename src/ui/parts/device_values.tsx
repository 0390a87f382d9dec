import type { JSX } from "hono/jsx/jsx-runtime";
import type { Device, Page, QuarantineEntry } from "../../api/mod.ts";
import type { Answer } from "../../api/mod.ts";
import { Unavailable } from "./unavailable.tsx";
import { ago, reading } from "./words.ts";

/** The newest value of every field, with what it is worth. */
export function DeviceValues({ device, now }: { device: Device; now: string }): JSX.Element {
  if (device.values.length === 0) return <p class="quiet">No value has been accepted yet.</p>;
  return (
    <table>
      <thead>
        <tr>
          <th scope="col">field</th>
          <th scope="col" class="n">newest value</th>
          <th scope="col" class="n">measured</th>
        </tr>
      </thead>
      <tbody>
        {device.values.map(({ field, tags, value, unit, time, quality }) => (
          <tr key={`${field} ${JSON.stringify(tags)}`}>
            <th scope="row">{field}</th>
            <td class="n value">{reading(value, unit)}</td>
            <td class={quality === "good" ? "n quiet" : "n look"}>
              {ago(now, time)}
              {quality === "good" ? "" : `, ${quality}`}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** What was refused of a device lately. */
export function DeviceRefusals(
  { refusals, now }: { refusals: Answer<Page<QuarantineEntry>>; now: string },
): JSX.Element | null {
  if (!refusals.ok) return <Unavailable answer={refusals} what="Refusals" />;
  const { items } = refusals.value;
  if (items.length === 0) return <p class="quiet">Nothing of this device was refused.</p>;
  return (
    <ul class="groups">
      {items.map(({ id, explanation, received_at }) => (
        <li key={id}>
          <span>
            {explanation}
            <small>{ago(now, received_at)}</small>
          </span>
          <span></span>
          <a class="button" href={`/quarantine?id=${id}`}>Explain</a>
        </li>
      ))}
    </ul>
  );
}
