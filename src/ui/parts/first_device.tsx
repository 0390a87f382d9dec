import type { JSX } from "hono/jsx/jsx-runtime";
import type { HowTo, Status } from "../../api/mod.ts";

/** A gateway that nothing has reported to yet: how to point a device at it. */
export function FirstDevice({ status, howTo }: { status: Status; howTo: HowTo | null }): JSX.Element {
  const { state } = status.mqtt;
  const { host, port } = brokerOf(status.mqtt.address);
  const url = howTo?.broker_url ?? `mqtt://${host}:${port}`;
  const command = howTo?.example_command ??
    `mosquitto_pub -h ${host} -p ${port} -t sensors/demo-1 -m '{"temperature": 21.5}'`;
  return (
    <div class="first">
      <p>
        <b>No device has reported yet.</b> The gateway {state === "connected" ? "listens" : "will listen"} at
      </p>
      <p class="code">{url}</p>
      <p>Point a device at that broker, or try it with mosquitto's tools:</p>
      <pre class="code">{command}</pre>
      <p>
        Topics that no subscription of the configuration names are proposed at <a href="/new">New devices</a>.
      </p>
    </div>
  );
}

function brokerOf(address: string): { host: string; port: string } {
  const url = URL.parse(address.replace(/^\w+:/, "http:"));
  const host = url?.hostname ?? "HOST";
  return { host: host === "0.0.0.0" || host === "[::]" ? "THIS_MACHINE" : host, port: url?.port || "1883" };
}
