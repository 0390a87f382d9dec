import type { JSX } from "hono/jsx/jsx-runtime";

/** Asks what became of a reading of a device at a time. */
export function PastForm({ device, now }: { device: string; now: string }): JSX.Element {
  return (
    <form id="past-form" class="row" data-device={device}>
      <label>
        measured at{" "}
        <input
          type="text"
          name="time"
          required
          size={24}
          value={now === "" ? "" : `${now.slice(0, 19)}Z`}
          aria-label="Time of the reading, UTC"
          autocomplete="off"
        />
      </label>
      <button type="submit" class="main">Explain</button>
    </form>
  );
}
