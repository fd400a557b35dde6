/**
 * Ends what a dead launcher has left, and then removes its run's files. It may be killed and started again, and more
 * than one may do the same work.
 *
 * - A program (`console: false`) gets SIGTERM with its process group at once; a slave knows by its channel.
 * - What is left after its own stop_timeout gets SIGKILL, with its group and its cgroup.
 * - Where the first process of a group is gone, the group is killed at once.
 *
 * No signal goes to a process that has got the number of an old one: start times are compared. While a group has
 * members its number is given to no other process, so a group without its first process can only be the old one.
 *
 * Arguments: the run's folder; `watch` (begin when stdin ends, which is when the launcher dies) or `now`; what becomes
 * of the folder: `keep` its lock, or `remove` it. Stdout tells of each `<what> <journal entry> <pid>`.
 */
export function cleanerScript(platform: NodeJS.Platform = process.platform): string {
  return `${COMMON}\n${platform === 'linux' ? BY_PROC : BY_PS}\n${MAIN}`;
}

/** How long after its SIGKILL a process may take to be gone before it is given up. */
const STUCK_MS = 10_000;

/** So long what was killed without its first process is waited for. */
const GONE_MS = 2000;

const COMMON = `trap '' HUP INT QUIT TERM PIPE USR1 USR2
PATH=$PATH:/usr/bin:/bin LC_ALL=C TZ=UTC0
export LC_ALL TZ
run=\${1:?}
if [ "$2" = watch ]; then
  while read -r line; do :; done
fi

kill_cgroup() { # a folder of the cgroup file system, and all below
  [ -n "$cgroup" ] && [ -d "$1" ] || return 0
  { echo 1 >"$1/cgroup.kill" || kill -s KILL $(cat "$1/cgroup.procs"); } 2>/dev/null
  find "$1" -depth -type d -exec rmdir {} \\; 2>/dev/null
}

tell() { echo "$1 $name $pid" 2>/dev/null; }

forget() { rm -f "$run/asked.$name" "$run/gone.$name" "$file"; }
`;

const BY_PROC = `clock() { read -r now rest </proc/uptime; now=\${now%.*}\${now#*.}0; }

find_start() { # found: start time of a process; empty: it is gone, or a zombie
  found=
  { read -r stat <"/proc/$1/stat"; } 2>/dev/null || return
  start_of \${stat##*) }
  # A name may have line ends in it.
  [ -n "$found$ended" ] || start_of $(cat "/proc/$1/stat" 2>/dev/null | tr -d '\\n' | sed 's/.*) //')
}
start_of() {
  ended= found=
  case \${1:-X} in Z|X) ended=1 ;; *) found=\${20} ;; esac
}

group_lives() { # whether a group has members that are no zombies: those wait for somebody else
  for each in /proc/[0-9]*/stat; do
    { read -r stat <"$each"; } 2>/dev/null && is_in "$1" \${stat##*) } && return
  done
  return 1
}
is_in() { [ "$1" = "$4" ] && [ "$2" != Z ] && [ "$2" != X ]; }
`;

const BY_PS = `clock() { now=$(($(date +%s) * 1000)); }

find_start() {
  start_of $(ps -o stat= -o lstart= -p "$1" 2>/dev/null)
}
start_of() {
  case \${1:-Z} in Z*) found= ;; *) shift; found=$* ;; esac
}

group_lives() { ps -A -o pgid= -o stat= | grep -q "^ *$1 *[^ Z]"; }
`;

const MAIN = `ask() { # once
  [ "$kind" = program ] && [ ! -e "$run/asked.$name" ] || return 0
  : >"$run/asked.$name"
  kill -s TERM -- "-$pid" 2>/dev/null
}

end_leader() {
  ask
  age=$((now - begun))
  [ "$age" -ge "$limit" ] || return 0
  [ "$age" -lt $((limit + ${STUCK_MS})) ] || { tell stuck; forget; return; }
  kill -s KILL -- "-$pid" 2>/dev/null
  kill_cgroup "$cgroup/$name"
  case $killed in *" $name "*) ;; *) killed="$killed$name "; tell killed ;; esac
}

has_left() { # something of it, for a while
  { [ -z "$found" ] && kill -s 0 -- "-$pid" 2>/dev/null && group_lives "$pid"; } || { [ -n "$cgroup" ] && [ -d "$cgroup/$name" ]; } || return
  [ -e "$run/gone.$name" ] || echo "$now" >"$run/gone.$name"
  read -r since <"$run/gone.$name" && [ $((now - since)) -lt ${GONE_MS} ]
}

end_rest() { # its first process is gone
  [ -n "$found" ] || kill -s KILL -- "-$pid" 2>/dev/null
  kill_cgroup "$cgroup/$name"
  has_left && return
  case $killed in *" $name "*) ;; *) tell ended ;; esac
  forget
}

rm -f "$run/open"
cgroup=
{ read -r cgroup <"$run/cgroup"; } 2>/dev/null
killed=' '
clock
begun=$now
rounds=0
while :; do
  left=
  clock
  for file in "$run"/[0-9]*.[0-9]*; do
    [ -f "$file" ] || continue
    name=\${file##*/}
    kind= limit= pid= start=
    # Without its second line it was not started, and will not be.
    { read -r kind limit && read -r pid start; } 2>/dev/null <"$file" || { rm -f "$file"; continue; }
    find_start "$pid"
    if [ -n "$found" ] && [ "$found" = "$start" ]; then end_leader; else end_rest; fi
    [ ! -e "$file" ] || left=1
  done
  [ -n "$left" ] || break
  rounds=$((rounds + 1))
  if [ "$rounds" -lt 40 ]; then step=0.05; else step=0.2; fi
  sleep "$step" 2>/dev/null || sleep 1
done

for try in 1 2 3 4 5 6 7 8 9 10; do
  kill_cgroup "$cgroup"
  [ -n "$cgroup" ] && [ -d "$cgroup" ] || break
  sleep 0.1 2>/dev/null || sleep 1
done
if [ "$3" = remove ]; then
  rm -rf "$run"
  rmdir "\${run%/*}" 2>/dev/null
else
  rm -f "$run/cgroup" "$run"/asked.* "$run"/gone.* "$run"/[0-9]*.[0-9]*
fi
exit 0`;
