import { execFileSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** What the tests need beside Node, and the Debian package that has it. */
const PROGRAMS = {
  git: 'git',
  ps: 'procps',
  setsid: 'util-linux',
  setpriv: 'util-linux',
  prlimit: 'util-linux',
  mount: 'mount',
};

/** Installs what is missing where that is possible; describes what is missing still. */
export function missingPrograms() {
  const wanted = () => Object.keys(PROGRAMS).filter((program) => !isInstalled(program));
  if (wanted().length > 0 && process.getuid?.() === 0 && isInstalled('apt-get')) install(wanted());
  return wanted().map((program) => `${program} is missing: install the Debian package ${PROGRAMS[program]}`);
}

function install(programs) {
  const options = { stdio: 'inherit', env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } };
  try {
    execFileSync('apt-get', ['update'], options);
    execFileSync(
      'apt-get',
      ['install', '--yes', '--no-install-recommends', ...programs.map((name) => PROGRAMS[name])],
      options,
    );
  } catch (error) {
    console.log(error.message);
  }
}

function isInstalled(program) {
  return (process.env.PATH ?? '').split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}
