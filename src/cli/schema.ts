import { configJsonSchema, profileJsonSchema } from "../config/mod.ts";
import { type CliIo, EXIT } from "./io.ts";

/**
 * `schema`: prints the JSON Schema of the configuration, or of a device profile, for editors.
 *
 * @returns 0
 */
export function schema(args: { readonly profile: boolean }, io: CliIo): number {
  const document = args.profile ? profileJsonSchema() : configJsonSchema();
  io.stdout(`${JSON.stringify(document, null, 2)}\n`);
  return EXIT.done;
}
