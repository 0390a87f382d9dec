import { z } from "zod";

type Camel<S extends string> = S extends `${infer Head}_${infer Tail}` ? `${Head}${Capitalize<Camel<Tail>>}`
  : S;

/** The same object with `snake_case` keys in `camelCase`. */
export type CamelKeys<T> = { [K in keyof T as K extends string ? Camel<K> : never]: T[K] };

/** Reads what people write in `snake_case` into what the code names in `camelCase`; one level. */
export function camel<T extends z.core.$ZodLooseShape>(
  schema: z.ZodObject<T, z.core.$strict>,
): z.ZodPipe<
  z.ZodObject<T, z.core.$strict>,
  z.ZodTransform<
    CamelKeys<z.output<z.ZodObject<T, z.core.$strict>>>,
    z.output<z.ZodObject<T, z.core.$strict>>
  >
> {
  return schema.transform((value) => {
    const entries = Object.entries(value).map(([key, one]) => [
      key.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase()),
      one,
    ]);
    // The type-level renaming above says the same as the replacement in this line.
    return Object.fromEntries(entries) as CamelKeys<z.output<z.ZodObject<T, z.core.$strict>>>;
  });
}
