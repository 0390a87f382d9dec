/** Prints the figures; see table.ts. */
import { bareSubscriber, gateway } from "./end_to_end.ts";
console.log(await bareSubscriber(Number(Deno.args[0] ?? 100000)));
console.log(await gateway(Number(Deno.args[0] ?? 100000)));
console.log(await bareSubscriber(Number(Deno.args[0] ?? 100000)));
console.log(await gateway(Number(Deno.args[0] ?? 100000)));
