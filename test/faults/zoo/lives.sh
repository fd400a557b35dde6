# A process with a ledger of its own: `lives.sh <file> <behaviour>`. Into the file go pid and start time of each life and of
# its helpers; into `<file>.met` those before that still ran when this life began.
trap '' PIPE
ledger=$1

record() { # pid, what
  { read -r stat <"/proc/$1/stat"; } 2>/dev/null || return
  what=$2 pid=$1
  set -- ${stat##*) }
  echo "$pid ${20} $what" >>"$ledger"
}
look() { # pid, start time, what
  { read -r stat <"/proc/$1/stat"; } 2>/dev/null || return
  pid=$1 start=$2 what=$3
  set -- ${stat##*) }
  case $1 in Z|X) return ;; esac
  [ "${20}" != "$start" ] || echo "$pid $what, by $$ ($stat)" >>"$ledger.met"
}

: >>"$ledger"
while read -r pid start what; do look "$pid" "$start" "$what"; done <"$ledger"
record $$ self
case $2 in
  sleeps) exec sleep 600 ;;
  obeys) trap 'sleep 0.1; exit 0' TERM ;;
  ignores) trap '' TERM ;;
  crashes) sleep 0.05; exit 3 ;;
  forks)
    sleep 600 & record $! helper
    (trap '' TERM; while :; do sleep 600; done) & record $! helper ;;
  daemon)
    setsid sh -c 'trap "" TERM; while :; do sleep 600; done' & record $! daemon ;;
esac
while :; do sleep 0.05; done
