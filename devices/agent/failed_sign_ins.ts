/** OpenSSH's own word for a wrong password; rsyslog folds equal lines into one. */
const SSHD =
  /\bsshd(?:-session)?\[\d+\]: (?:message repeated (\d+) times: \[ )?Failed (?:password|keyboard-interactive\/pam) for /;
/** PAM's word for everything else that asks for a password: login, su, sudo, a desktop. */
const PAM = /: pam_unix\([^:)]+:auth\): authentication failure;/;
/** PAM at the end of a session with further attempts. */
const FURTHER = /: PAM (\d+) more authentication failures?;/;

/**
 * Counts the failed sign-ins in lines of an authentication log, as syslog writes them (`host sshd[12]: …`).
 *
 * An attempt over SSH leaves up to three lines; only sshd's own is counted of it. Keys that were tried and not wanted
 * are no failures: a client offers all it has.
 */
export function failedSignIns(lines: readonly string[]): number {
  let failed = 0;
  for (const line of lines) {
    if (/\bsshd(?:-session)?\[\d+\]: /.test(line)) {
      const found = SSHD.exec(line);
      if (found !== null) failed += Number(found[1] ?? 1);
    } else if (PAM.test(line)) failed++;
    else failed += Number(FURTHER.exec(line)?.[1] ?? 0);
  }
  return failed;
}
