import type { MosquittoOptions } from "./mosquitto.ts";
import { needService } from "./services.ts";

/**
 * Options of a mosquitto that refuses to let anybody subscribe to a filter. Only its own plug-in can refuse: with an ACL
 * file every SUBSCRIBE passes.
 *
 * @param folder where its rules are kept: `rules.json`, read when it starts
 * @returns `undefined` where the plug-in is not installed (the reason is printed)
 */
export async function refusingBroker(folder: string, refused: string): Promise<MosquittoOptions | undefined> {
  const plugin = needService("mosquitto_dynamic_security");
  if (plugin === undefined) return undefined;
  await refuse(folder, refused);
  return { lines: [`plugin ${plugin}`, `plugin_opt_config_file ${folder}/rules.json`] };
}

/** Writes the rules anew; without a filter nothing is refused. */
export async function refuse(folder: string, refused?: string): Promise<void> {
  const acls = [
    ...(refused === undefined
      ? []
      : [{ acltype: "subscribePattern", topic: refused, priority: 1, allow: false }]),
    { acltype: "subscribePattern", topic: "#", priority: 0, allow: true },
  ];
  const rules = {
    defaultACLAccess: {
      publishClientSend: true,
      publishClientReceive: true,
      subscribe: false,
      unsubscribe: true,
    },
    clients: [],
    groups: [{ groupname: "all", roles: [{ rolename: "reader" }] }],
    roles: [{ rolename: "reader", acls }],
    anonymousGroup: "all",
  };
  await Deno.writeTextFile(`${folder}/rules.json`, JSON.stringify(rules));
}
