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
 * What cannot be ended even so, or cannot be told from another, is given up and keeps its entry: the exit code is 1 then.
 *
 * While it watches, a line on stdin says that the launcher is an agent, which holds a lease: when that is over (the file
 * `lease` says when, twice, on the clock of the scripts) all is killed at once, for an agent that is frozen cannot do it.
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

kill_cgroup() { # a folder of the cgroup file system, and all below
  [ -n "$cgroup" ] && [ -d "$1" ] || return 0
  { echo 1 >"$1/cgroup.kill" || kill_each $(cat "$1/cgroup.procs"); } 2>/dev/null
  find "$1" -depth -type d -exec rmdir {} \\; 2>/dev/null
}

kill_each() {
  for each; do [ "$each" -gt 1 ] && kill -s KILL "$each"; done
}

tell() { echo "$1 $name $pid" 2>/dev/null; }

forget() { rm -f "$run/asked.$name" "$file"; }

give_up() { # for this time: its entry stays for the next one who cleans up
  stuck="$stuck$name "
  tell stuck
}
`;

const BY_PROC = `clock() { read -r now rest </proc/uptime; now=\${now%.*}\${now#*.}0; }

find_start() {
  found= zombie=
  { read -r stat <"/proc/$1/stat"; } 2>/dev/null || return
  start_of \${stat##*) }
  # A name may have line ends in it.
  [ -n "$found$zombie" ] || start_of $(tr -d '\\n' <"/proc/$1/stat" | sed 's/.*) //') 2>/dev/null
}
start_of() {
  case \${1:-} in Z|X) zombie=1 ;; *) found=\${20:-} ;; esac
}

group_lives() { # whether a group has members that are no zombies: those wait for somebody else
  grep -qs ") [^ZX] [0-9]* $1 " /proc/[0-9]*/stat
}
`;

const BY_PS = `clock() { now=$(($(date +%s) * 1000)); }

find_start() {
  found= zombie=
  start_of $(ps -o stat= -o lstart= -p "$1" 2>/dev/null)
}
start_of() {
  case \${1:-} in '') ;; Z*) zombie=1 ;; *) shift; found=$* ;; esac
}

group_lives() { ps -A -o pgid= -o stat= | grep -q "^ *$1 *[^ Z]"; }
`;

/**
 * find_start sets `found`, the start time of a process, or `zombie`. Neither: there is none, or it cannot be told.
 */
const MAIN = `state_of() { # alive | gone | other (its number was given away) | unknown
  find_start "$1"
  if [ -n "$zombie" ]; then state=gone
  elif [ -z "$found" ]; then if kill -s 0 "$1" 2>/dev/null; then state=unknown; else state=gone; fi
  elif [ "$found" = "$start" ]; then state=alive
  else state=other; fi
}

ask() { # once, whoever cleans up; on a full disk at least once each
  case $kind$asked in program*" $name "*) return ;; program*) asked="$asked$name " ;; *) return ;; esac
  [ ! -e "$run/asked.$name" ] || return 0
  # Not \`:\`, with which a shell ends when it cannot write.
  { echo >"$run/asked.$name"; } 2>/dev/null
  kill -s TERM -- "-$pid" 2>/dev/null
}

end_leader() {
  if [ -n "$hurry" ]; then limit=0; else ask; fi
  age=$((now - begun))
  [ "$age" -ge "$limit" ] || return 0
  [ "$age" -lt $((limit + ${STUCK_MS})) ] || { give_up; return; }
  kill -s KILL -- "-$pid" 2>/dev/null
  kill_cgroup "$cgroup/$name"
  case $killed in *" $name "*) ;; *) killed="$killed$name "; tell killed ;; esac
}

has_left() { # something of it, for a while
  { [ "$state" = gone ] && kill -s 0 -- "-$pid" 2>/dev/null && group_lives "$pid"; } || { [ -n "$cgroup" ] && [ -d "$cgroup/$name" ]; } || return
  case $gone in *" $name="*) ;; *) gone="$gone$name=$now " ;; esac
  since=\${gone##*" $name="}
  [ $((now - \${since%% *})) -lt ${GONE_MS} ]
}

end_rest() { # its first process is gone
  [ "$state" = gone ] && kill -s KILL -- "-$pid" 2>/dev/null
  kill_cgroup "$cgroup/$name"
  has_left && return
  case $killed in *" $name "*) ;; *) tell ended ;; esac
  forget
}

end_all() {
{ read -r cgroup <"$run/cgroup"; } 2>/dev/null || cgroup=
# Half a path would be the cgroup of somebody else.
case $cgroup in */distributed-architecture-*-*) ;; *) cgroup= ;; esac
killed=' ' stuck=' ' asked=' ' gone=' '
clock
begun=$now
rounds=0
while :; do
  left=
  clock
  for file in "$run"/[0-9]*.[0-9]*; do
    [ -f "$file" ] || continue
    name=\${file##*/}
    case $stuck in *" $name "*) continue ;; esac
    kind= limit= pid= start=
    # Without its second line it was not started, and will not be.
    { read -r kind limit && read -r pid start; } 2>/dev/null <"$file" || { rm -f "$file"; continue; }
    # A signal to -0 or -1 would go to everybody.
    case $pid in ''|*[!0-9]*|0*|1) rm -f "$file"; continue ;; esac
    # With what is no number a shell cannot calculate: it ends.
    case $limit in ''|*[!0-9]*|0?*|?????????????????*) limit=0 ;; esac
    state_of "$pid"
    case $state in
      alive) end_leader ;;
      unknown) give_up ;;
      *) end_rest ;;
    esac
    case $stuck in *" $name "*) ;; *) [ ! -e "$file" ] || left=1 ;; esac
  done
  [ -n "$left" ] || break
  rounds=$((rounds + 1))
  if [ "$rounds" -lt 40 ]; then step=0.05; else step=0.2; fi
  sleep "$step" 2>/dev/null || sleep 1
done
}

guard_lease() { # beside the watchdog itself, which waits for the end of its launcher
  hurry=1
  while kill -s 0 $$ 2>/dev/null; do
    end= again=
    { read -r end again <"$run/lease"; } 2>/dev/null
    [ "$end" = "$again" ] || end= # it is just being written
    clock
    case $end in ''|*[!0-9]*) ;; *) [ "$now" -lt "$end" ] || end_all ;; esac
    sleep 1
  done
}

hurry= guard=
if [ "$2" = watch ]; then
  while read -r line; do
    [ -n "$guard" ] || { guard_lease & guard=$!; }
  done
  [ -z "$guard" ] || kill -s KILL "$guard" 2>/dev/null
fi
rm -f "$run/open"
end_all

for try in 1 2 3 4 5 6 7 8 9 10; do
  kill_cgroup "$cgroup"
  [ -n "$cgroup" ] && [ -d "$cgroup" ] || break
  sleep 0.1 2>/dev/null || sleep 1
done
[ "$stuck" = ' ' ] || exit 1
if [ "$3" = remove ]; then
  rm -rf "$run"
  rmdir "\${run%/*}" 2>/dev/null
else
  rm -f "$run/cgroup" "$run/lease" "$run/control.sock" "$run"/asked.* "$run"/feed-* "$run"/[0-9]*.[0-9]*
fi
exit 0`;
