import type { JSX } from "hono/jsx/jsx-runtime";
import type { Device } from "../schemas/devices.ts";
import type { Status } from "../schemas/status.ts";
import { age, number, plural, rate, reading } from "./words.ts";

/** Values shown of one device. */
const MOST_VALUES = 6;

/** The devices, those that need attention first. */
export function DevicesPanel(props: { devices: readonly Device[]; status: Status }): JSX.Element {
  const { devices, status } = props;
  const more = status.devices.known - devices.length;
  return (
    <section class="panel" aria-labelledby="devices">
      <h2 id="devices">Devices</h2>
      {devices.length === 0
        ? <p class="quiet">No device has reported yet. The gateway listens at {status.mqtt.address}.</p>
        : (
          <table>
            <thead>
              <tr>
                <th scope="col">device</th>
                <th scope="col" class="wide">profile</th>
                <th scope="col" class="n">last seen</th>
                <th scope="col" class="n wide">msg/s</th>
                <th scope="col">latest</th>
                <th scope="col" class="n wide">gaps</th>
                <th scope="col" class="n wide">refused</th>
              </tr>
            </thead>
            <tbody>{devices.map((device) => <Row key={device.id} device={device} now={status.now} />)}</tbody>
          </table>
        )}
      {more > 0 ? <p class="quiet">and {plural(more, "more device")} at /api/v1/devices</p> : null}
    </section>
  );
}

function Row({ device, now }: { device: Device; now: string }): JSX.Element {
  const refused = Object.values(device.errors).reduce((sum, count) => sum + count, 0);
  const { liveness } = device;
  const overdue = liveness === "late" || liveness === "offline";
  return (
    <tr>
      <td>
        <span class={`dot ${liveness}`} role="img" aria-label={liveness}></span>
        <span class="code">{device.id}</span>
      </td>
      <td class="wide">{device.profiles.join(", ")}</td>
      <td class={overdue ? "n look" : "n"}>
        {overdue ? `${liveness}, ` : ""}
        {age(now, device.last_seen_at)}
      </td>
      <td class="n wide">{rate(device.messages_per_second)}</td>
      <td>
        <ul>
          {device.values.slice(0, MOST_VALUES).map((last) => (
            <li>
              {last.field} {reading(last.value, last.unit)}
              {last.quality === "good" || overdue ? "" : ` (${last.quality})`}
            </li>
          ))}
        </ul>
      </td>
      <td class="n wide">{number(device.sequence_gaps)}</td>
      <td class="n wide">{number(refused)}</td>
    </tr>
  );
}
