/** Version of the program; the same as in deno.json, which a test sees to. */
export const VERSION = "0.1.0";
