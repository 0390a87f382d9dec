import type { JSX } from "hono/jsx/jsx-runtime";
import type { RuleTrial } from "../../api/mod.ts";
import { duration, moment, plural } from "./words.ts";

/** When a rule would have fired. */
export function RuleTrialResult({ trial, now }: { trial: RuleTrial; now: string }): JSX.Element {
  const { firings, total, series, from, to, resolution_seconds: step } = trial;
  return (
    <section class="result" aria-label="What the rule would have done">
      <p>
        From {moment(now, from)} to {moment(now, to)} UTC it watched {plural(series, "series", "series")}{" "}
        and would have fired{" "}
        <b class={total > 0 ? "look" : undefined}>{plural(total, "time")}</b>. Local history has a step of
        {" "}
        {duration(step)}: what is shorter can look shorter or longer by that.
      </p>
      {firings.length === 0 ? null : (
        <>
          <Strip trial={trial} />
          <table class="told">
            <thead>
              <tr>
                <th scope="col">fired</th>
                <th scope="col">device</th>
                <th scope="col">what people would have been told</th>
                <th scope="col" class="n">lasted</th>
              </tr>
            </thead>
            <tbody>
              {firings.map(({ device, fired_at, resolved_at, summary }) => (
                <tr key={`${device} ${fired_at}`}>
                  <th scope="row">{moment(now, fired_at)}</th>
                  <td class="code">{device}</td>
                  <td>{summary}</td>
                  <td class="n">
                    {resolved_at === null
                      ? "to the end"
                      : duration((Date.parse(resolved_at) - Date.parse(fired_at)) / 1_000)}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </>
      )}
      {total > firings.length ? <p class="quiet">The first {firings.length} are listed.</p> : null}
    </section>
  );
}

/** Width of the strip in its own units. */
const WIDTH = 1_000;

/** All firings on one line of time. */
function Strip({ trial }: { trial: RuleTrial }): JSX.Element {
  const [from, to] = [Date.parse(trial.from), Date.parse(trial.to)];
  const x = (time: string): number => WIDTH * (Date.parse(time) - from) / Math.max(1, to - from);
  return (
    <svg
      class="strip"
      viewBox={`0 0 ${WIDTH} 20`}
      preserveAspectRatio="none"
      role="img"
      aria-label="Firings over time"
    >
      <rect class="bed" x="0" y="0" width={WIDTH} height="20" />
      {trial.firings.map(({ device, fired_at, resolved_at }) => {
        const start = x(fired_at);
        const end = resolved_at === null ? WIDTH : x(resolved_at);
        return (
          <rect
            key={`${device} ${fired_at}`}
            class="firing"
            x={start}
            y="0"
            width={Math.max(2, end - start)}
            height="20"
          />
        );
      })}
    </svg>
  );
}
