import { z } from "zod";
import type { KeyPath } from "./key_path.ts";

/** Takes off what does not change the shape that a person writes: optional, default, transform. */
function bare(schema: z.core.$ZodType): z.core.$ZodType {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault) {
    return bare(schema.def.innerType);
  }
  if (schema instanceof z.ZodPipe) {
    // A preprocess step is a pipe out of a transform; what people write is then described by its end.
    return bare(schema.def.in instanceof z.ZodTransform ? schema.def.out : schema.def.in);
  }
  return schema;
}

/** The schemas that stand at a path below `schema`; more than one where there are alternatives. */
function below(schema: z.core.$ZodType, path: KeyPath): z.core.$ZodType[] {
  const here = bare(schema);
  if (here instanceof z.ZodUnion) return here.def.options.flatMap((option) => below(option, path));
  const [head, ...tail] = path;
  if (head === undefined) return [here];
  if (here instanceof z.ZodObject) {
    const next: z.core.$ZodType | undefined = here.def.shape[head];
    return next === undefined ? [] : below(next, tail);
  }
  if (here instanceof z.ZodArray) return below(here.def.element, tail);
  if (here instanceof z.ZodRecord) return below(here.def.valueType, tail);
  return [];
}

/** The keys that the object at a path may have, as the schema says. */
export function knownKeys(schema: z.core.$ZodType, path: KeyPath): string[] {
  return below(schema, path).flatMap((one) => one instanceof z.ZodObject ? Object.keys(one.def.shape) : []);
}
