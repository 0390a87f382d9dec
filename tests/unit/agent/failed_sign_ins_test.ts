import { assertEquals, assertRejects } from "@std/assert";
import { failedSignIns } from "../../../devices/agent/failed_sign_ins.ts";
import { openSignInLog } from "../../../devices/agent/sign_in_log.ts";

/** Lines as OpenSSH, PAM, login, sudo and rsyslog write them; the number is what each adds. */
const LINES: readonly [failures: number, line: string][] = [
  [1, "Nov 24 08:26:01 edge sshd[811]: Failed password for root from 203.0.113.9 port 51022 ssh2"],
  [
    1,
    "Nov 24 08:26:03 edge sshd[811]: Failed password for invalid user oracle from 203.0.113.9 port 51022 ssh2",
  ],
  [
    1,
    "2025-11-24T08:26:03.120045+01:00 edge sshd-session[812]: Failed password for root from 2001:db8::1 port 4 ssh2",
  ],
  [
    1,
    "Nov 24 08:26:05 edge sshd[813]: Failed keyboard-interactive/pam for root from 203.0.113.9 port 51023 ssh2",
  ],
  [
    5,
    "Nov 24 08:26:09 edge sshd[811]: message repeated 5 times: [ Failed password for root from 203.0.113.9 port 5 ssh2]",
  ],
  // The same attempts in other words.
  [
    0,
    "Nov 24 08:26:01 edge sshd[811]: pam_unix(sshd:auth): authentication failure; logname= uid=0 euid=0 tty=ssh",
  ],
  [
    0,
    "Nov 24 08:26:01 edge sshd[811]: PAM 2 more authentication failures; logname= uid=0 euid=0 tty=ssh ruser=",
  ],
  [0, "Nov 24 08:26:01 edge sshd[811]: Invalid user oracle from 203.0.113.9 port 51022"],
  [
    0,
    "Nov 24 08:26:01 edge sshd[811]: Failed publickey for root from 203.0.113.9 port 51022 ssh2: RSA SHA256:abc",
  ],
  [0, "Nov 24 08:26:01 edge sshd[811]: Accepted password for admin from 192.0.2.7 port 51022 ssh2"],
  // At the machine itself.
  [
    1,
    "Nov 24 08:27:01 edge login[901]: pam_unix(login:auth): authentication failure; logname=LOGIN uid=0 tty=/dev/tty1",
  ],
  [0, "Nov 24 08:27:03 edge login[901]: FAILED LOGIN (1) on '/dev/tty1' FOR 'root', Authentication failure"],
  [
    1,
    "Nov 24 08:28:01 edge sudo: pam_unix(sudo:auth): authentication failure; logname=ada uid=1000 tty=/dev/pts/0",
  ],
  [2, "Nov 24 08:28:09 edge sudo[77]: PAM 2 more authentication failures; logname=ada uid=1000 euid=0"],
  [
    1,
    "Nov 24 08:29:01 edge su[950]: pam_unix(su-l:auth): authentication failure; logname=ada uid=1000 ruser=ada",
  ],
  [0, "Nov 24 08:29:03 edge su[950]: FAILED SU (to root) ada on pts/0"],
  // A name of a user is no word of the log's own.
  [0, "Nov 24 08:30:01 edge sshd[811]: Invalid user Failed password for root from 203.0.113.9 port 51022"],
  [
    0,
    "Nov 24 08:30:02 edge CRON[999]: pam_unix(cron:session): session opened for user root(uid=0) by (uid=0)",
  ],
  [0, ""],
];

Deno.test("each failed sign-in counts once, in whatever words it is logged", () => {
  for (const [failures, line] of LINES) assertEquals(failedSignIns([line]), failures, line);
  assertEquals(
    failedSignIns(LINES.map(([, line]) => line)),
    LINES.reduce((sum, [failures]) => sum + failures, 0),
  );
});

const FAILED = "Nov 24 08:26:01 edge sshd[811]: Failed password for root from 203.0.113.9 port 51022 ssh2\n";

Deno.test("a log file counts from its end on, whole lines only, and from its beginning when it was rotated", async () => {
  const folder = await Deno.makeTempDir({ prefix: "sluice_signins_" });
  try {
    const path = `${folder}/auth.log`;
    await Deno.writeTextFile(path, FAILED.repeat(3));
    const log = await openSignInLog([`${folder}/none`, path]);
    assertEquals(await log(), 0);
    await Deno.writeTextFile(path, FAILED.repeat(2) + FAILED.slice(0, 60), { append: true });
    assertEquals(await log(), 2);
    assertEquals(await log(), 0);
    await Deno.writeTextFile(path, FAILED.slice(60), { append: true });
    assertEquals(await log(), 1);
    await Deno.rename(path, `${path}.1`);
    await assertRejects(() => log(), Deno.errors.NotFound);
    await Deno.writeTextFile(path, FAILED);
    assertEquals(await log(), 1);
    assertEquals(await log(), 0);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

/** A stand-in for journalctl: answers the n-th call with the n-th text, and notes what it was asked. */
async function fakeJournal(folder: string, answers: readonly string[]): Promise<string> {
  const path = `${folder}/journalctl`;
  for (const [index, answer] of answers.entries()) await Deno.writeTextFile(`${folder}/${index}`, answer);
  const script = `#!/bin/sh
cd "${folder}"
n=$(cat asked 2>/dev/null | wc -l)
echo "$*" >>asked
[ -s refusal ] && { cat refusal >&2; exit 0; }
cat "$n"
`;
  await Deno.writeTextFile(path, script, { mode: 0o755 });
  return path;
}

Deno.test("without a log file the journal is read, from the cursor of the last look on", async () => {
  const folder = await Deno.makeTempDir({ prefix: "sluice_journal_" });
  try {
    const program = await fakeJournal(folder, [
      "-- cursor: s=1\n",
      `${FAILED}${FAILED}-- cursor: s=2\n`,
      "-- No entries --\n",
      `${FAILED}-- cursor: s=3\n`,
    ]);
    const log = await openSignInLog([`${folder}/none`], program);
    assertEquals([await log(), await log(), await log()], [2, 0, 1]);
    const asked = (await Deno.readTextFile(`${folder}/asked`)).trim().split("\n");
    const facilities = "SYSLOG_FACILITY=4 SYSLOG_FACILITY=10";
    assertEquals(asked, [
      "--no-pager --show-cursor --lines=0",
      `--no-pager --show-cursor --after-cursor=s=1 ${facilities}`,
      `--no-pager --show-cursor --after-cursor=s=2 ${facilities}`,
      `--no-pager --show-cursor --after-cursor=s=2 ${facilities}`,
    ]);
    // Whoever sees only messages of his own must not be taken for a quiet machine.
    await Deno.writeTextFile(
      `${folder}/refusal`,
      "Hint: You are currently not seeing messages from other users.\n",
    );
    await assertRejects(() => log(), Error, "not seeing messages");
    await assertRejects(() => openSignInLog([], program), Error, "not seeing messages");
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
