/** The simulator's database in a process of its own: says its address, then how many lines it holds when asked. */
import { Receiver } from "../../../devices/simulator/mod.ts";
import { tell, told } from "../../support/child_process.ts";

if (import.meta.main) {
  const receiver = await Receiver.start({ org: "bench", bucket: "bench", token: "unused" });
  await tell(receiver.url);
  for (;;) {
    await told();
    const { lines, rewritten, changed } = receiver.counts;
    await tell(JSON.stringify({ lines, again: rewritten + changed }));
  }
}
