const BEGIN = "<!-- table: written by `deno task test:faults --write` -->";
const END = "<!-- end of the table -->";

/** Puts a table into a file, with the day and the versions of what it was run with, in the place of the former one. */
export async function putTable(file: string, table: string, scenarios: number): Promise<void> {
  const text = await Deno.readTextFile(file);
  const [from, to] = [text.indexOf(BEGIN), text.indexOf(END)];
  if (from < 0 || to < from) {
    throw new Error(`${file} has no place for the table: it lies between two comments`);
  }
  const day = new Date().toISOString().slice(0, 10);
  const head = `${scenarios} scenarios on ${day}, with ${(await versions()).join(", ")}.`;
  const whole = `${text.slice(0, from)}${BEGIN}\n\n${head}\n\n${table}\n\n${text.slice(to)}`;
  await Deno.writeTextFile(file, whole);
  await new Deno.Command(Deno.execPath(), { args: ["fmt", "--quiet", file] }).output();
}

/** The scenarios that the table of a file names. */
export function namesIn(text: string): string[] {
  const [from, to] = [text.indexOf(BEGIN), text.indexOf(END)];
  const lines = text.slice(from, to).split("\n").filter((line) => line.startsWith("| "));
  return lines.slice(2).map((line) => line.split("|")[1]?.trim() ?? "");
}

async function versions(): Promise<string[]> {
  const kernel = await firstLine("uname", ["-sr"]);
  return [
    `Deno ${Deno.version.deno}`,
    kernel,
    await firstLine("mosquitto", ["-h"]),
    await firstLine("influxd", ["version"]),
    `VictoriaMetrics ${await firstLine("dpkg-query", ["-W", "-f", "${Version}", "victoria-metrics"])}`,
  ].filter((version) => version !== "");
}

async function firstLine(program: string, args: readonly string[]): Promise<string> {
  const env = { PATH: `${Deno.env.get("PATH")}:/usr/sbin` };
  const output = await new Deno.Command(program, { args: [...args], env }).output().catch(() => undefined);
  if (output === undefined) return "";
  return new TextDecoder().decode(output.stdout).split("\n")[0]?.trim() ?? "";
}
