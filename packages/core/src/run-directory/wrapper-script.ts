/**
 * What each process is started through: it writes itself into the journal *before* it becomes its program (`exec`: the
 * same process id), and does not if the run was ended meanwhile. Whoever ends a run removes `open` first and reads the
 * journal then: either the wrapper sees that, or its entry is seen.
 *
 * Arguments: journal file, cgroup or `-`, then how `PWD` was set (`-` for not at all, else `=value`: a shell sets it by
 * itself), then the program with its arguments. No variable is set that could be one of the program's environment.
 */
export function wrapperScript(platform: NodeJS.Platform = process.platform): string {
  return `${platform === 'linux' ? WRITE_BY_PROC : WRITE_BY_PS}
write_self "$1" && [ -e "\${1%/*}/open" ] || { echo "Not started: cannot be registered in \${1%/*}, or its launcher is gone" >&2; exit 126; }
[ "$2" = - ] || { echo 0 >"$2/cgroup.procs"; } 2>/dev/null
if [ "$3" = - ]; then unset PWD; else PWD="\${3#=}"; fi
shift 3
exec "$@"`;
}

/** Field 22 is the start time. The shell's own name has no blanks, so that words are fields. */
const WRITE_BY_PROC = `fields() { printf '%s %s\\n' "$1" "\${22}"; }
write_self() {
  read -r DISTRIBUTED_ARCHITECTURE_STAT </proc/$$/stat && fields $DISTRIBUTED_ARCHITECTURE_STAT >>"$1"
}`;

const WRITE_BY_PS = `write_self() { echo $$ $(LC_ALL=C TZ=UTC0 ps -o lstart= -p $$) >>"$1"; }`;
