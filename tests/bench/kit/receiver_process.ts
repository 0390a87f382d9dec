/** The simulator's database in a process of its own, for machines without another: says its address. */
import { Receiver } from "../../../devices/simulator/mod.ts";
import { tell, told } from "../../support/child_process.ts";

if (import.meta.main) {
  const receiver = await Receiver.start({ org: "bench", bucket: "bench", token: "unused" });
  await tell(receiver.url);
  // Until the parent ends it.
  await told();
  await receiver.stop();
}
