import { execFileSync } from 'node:child_process';
import { accessSync, constants, existsSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** What the tests need beside Node, and the Debian package that has it. */
const PROGRAMS = {
  git: 'git',
  ps: 'procps',
  setsid: 'util-linux',
  setpriv: 'util-linux',
  prlimit: 'util-linux',
  mount: 'mount',
  unshare: 'util-linux',
  nsenter: 'util-linux',
  ssh: 'openssh-client',
  'ssh-keygen': 'openssh-client',
  sshd: 'openssh-server',
  ip: 'iproute2',
  python3: 'python3',
  fish: 'fish',
  curl: 'curl',
  logrotate: 'logrotate',
};

/** Debian asks it whether to start a service; an installed sshd must not listen. */
const POLICY = '/usr/sbin/policy-rc.d';

/** Installs what is missing where that is possible; describes what is missing still. */
export function missingPrograms() {
  const wanted = () => Object.keys(PROGRAMS).filter((program) => !isInstalled(program));
  if (wanted().length > 0 && process.getuid?.() === 0 && isInstalled('apt-get')) install(wanted());
  return wanted().map((program) => `${program} is missing: install the Debian package ${PROGRAMS[program]}`);
}

function install(programs) {
  const options = { stdio: 'inherit', env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } };
  const hasPolicy = existsSync(POLICY);
  try {
    if (!hasPolicy) writeFileSync(POLICY, '#!/bin/sh\nexit 101\n', { mode: 0o755 });
    execFileSync('apt-get', ['update'], options);
    execFileSync(
      'apt-get',
      ['install', '--yes', '--no-install-recommends', ...programs.map((name) => PROGRAMS[name])],
      options,
    );
  } catch (error) {
    console.log(error.message);
  } finally {
    if (!hasPolicy) rmSync(POLICY, { force: true });
  }
}

function isInstalled(program) {
  // sshd, ip and tc are where only the administrator's PATH looks.
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/sbin'];
  return folders.some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}
