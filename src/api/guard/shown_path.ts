import { shown } from "../../model/mod.ts";

/** A request's path as the log shows it: short, and without a token that someone has put there. */
export function shownPath(path: string): string {
  return shown(path.replaceAll(/sluice_[\w%-]+/g, "[token]"));
}
