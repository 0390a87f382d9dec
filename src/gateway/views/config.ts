import type { ConfigFault, ConfigView } from "../../api/mod.ts";
import { type ConfigProblem, problemText, redact } from "../../config/mod.ts";
import { rfc3339 } from "../../model/mod.ts";
import type { Parts } from "../parts.ts";

/** The configuration in force, and the way to another. */
export function configView(parts: Parts): ConfigView {
  return {
    config: () => ({
      file: parts.config.file,
      since: rfc3339(parts.configSince) ?? "",
      config: { ...Object(redact(parts.config)) },
    }),
    async validate(text): ReturnType<ConfigView["validate"]> {
      const outcome = await parts.configuration.validate(text ?? undefined);
      if (outcome === undefined) {
        return { kind: "unavailable", detail: "This gateway was started without a file" };
      }
      if (outcome.kind === "invalid") {
        return { valid: false, problems: outcome.problems.map(faultOf), warnings: [], differences: [] };
      }
      const { differences, warnings } = outcome;
      return { valid: true, problems: [], warnings: warnings.map(faultOf), differences };
    },
    async reload({ name, ...actor }): ReturnType<ConfigView["reload"]> {
      const outcome = await parts.configuration.reload({ actor: name, ...actor });
      if (outcome.kind !== "refused") return outcome;
      return { kind: "refused", problems: outcome.problems.map(faultOf) };
    },
  };
}

/** A problem as it goes over the wire. */
export function faultOf(problem: ConfigProblem): ConfigFault {
  const { file, line, column, path } = problem;
  return { file, line, column, path, message: problemText(problem) };
}
