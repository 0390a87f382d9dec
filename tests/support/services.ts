/** Programs that some tests talk to, and the names under which they may be installed. */
const PROGRAMS = {
  mosquitto: ["/usr/sbin/mosquitto", "mosquitto"],
  mosquitto_passwd: ["mosquitto_passwd"],
  mosquitto_dynamic_security: [
    "/usr/lib/x86_64-linux-gnu/mosquitto_dynamic_security.so",
    "/usr/lib/aarch64-linux-gnu/mosquitto_dynamic_security.so",
    "/usr/lib/mosquitto_dynamic_security.so",
  ],
  openssl: ["openssl"],
  chromium: ["chromium", "chromium-browser", "google-chrome"],
  cc: ["cc", "gcc", "clang"],
  libfaketime: [
    "/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1",
    "/usr/lib/aarch64-linux-gnu/faketime/libfaketime.so.1",
  ],
  "mkfs.ext4": ["/usr/sbin/mkfs.ext4", "/sbin/mkfs.ext4"],
  influxd: ["influxd"],
  node: ["node"],
  npm: ["npm"],
  rsyslogd: ["/usr/sbin/rsyslogd", "rsyslogd"],
  rsyslog_gnutls: [
    "/usr/lib/x86_64-linux-gnu/rsyslog/lmnsd_gtls.so",
    "/usr/lib/aarch64-linux-gnu/rsyslog/lmnsd_gtls.so",
    "/usr/lib/rsyslog/lmnsd_gtls.so",
  ],
  "systemd-notify": ["systemd-notify"],
  "systemd-analyze": ["systemd-analyze"],
  "victoria-metrics": ["victoria-metrics", "victoria-metrics-prod"],
} as const;

/** Name of a real service or tool that a test needs. */
export type Service = keyof typeof PROGRAMS;

/**
 * Finds an installed program.
 *
 * Where it is missing the test cannot run: it prints why and the caller returns, so that a laptop without
 * the service still runs the rest. With `SLUICE_REQUIRE_SERVICES=1` (a build machine) that is a failure instead.
 *
 * @param name the program
 * @returns its path, or `undefined` where it is not installed: return from the test
 */
export function needService(name: Service): string | undefined {
  for (const candidate of PROGRAMS[name]) {
    const found = candidate.startsWith("/") ? existing(candidate) : inPath(candidate);
    if (found !== undefined) return found;
  }
  const reason = `"${name}" is not installed: install it, or leave SLUICE_REQUIRE_SERVICES unset to skip`;
  if (Deno.env.get("SLUICE_REQUIRE_SERVICES") === "1") throw new Error(reason);
  say(`skipped: "${name}" is not installed`);
  return undefined;
}

function inPath(name: string): string | undefined {
  for (const folder of (Deno.env.get("PATH") ?? "").split(":")) {
    const found = folder === "" ? undefined : existing(`${folder}/${name}`);
    if (found !== undefined) return found;
  }
  return undefined;
}

function existing(path: string): string | undefined {
  try {
    return Deno.statSync(path).isFile ? path : undefined;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory) return undefined;
    throw error;
  }
}

function say(line: string): void {
  Deno.stderr.writeSync(new TextEncoder().encode(`${line}\n`));
}
