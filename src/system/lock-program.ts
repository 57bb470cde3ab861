// The program that holds a lock on a host: one line of POSIX sh, for dash and for busybox, with flock(1) and timeout(1).
//
// - The lock is flock(2) on a file of the first folder that root owns and that is everybody's and sticky: so all users of a host meet in the same
//   one, and nobody replaces another's file. It is opened for reading only: Linux lets nobody open another's file there with O_CREAT.
// - Each user has a record of the last taking, `EPOCH WHO`, made anew without following links. One that is not owned by the user of its name is
//   passed over. The epoch grows with each taking and begins at the host's clock, so that it grows past a reboot too.
// - It lives as long as a byte comes every few seconds; what reads them does not hold the lock, so nothing outlives the shell.
// - It says one line at once, then `beat` after each byte as long as no newer epoch stands there.

/** After so long without a byte from its client the host gives the lock back. */
export const SILENCE_SECONDS = 20

const RECORDED =
  'newest(){ E=0;H=;for r in "$D/berth-$I".[0-9]*;do set -- $(ls -ldn "$r" 2>/dev/null);' +
  'case "$1" in -*) ;; *) continue;; esac;[ "$r" = "$D/berth-$I.$3" ]||continue;e=;h=;read -r e h 2>/dev/null <"$r";' +
  'case "$e" in ""|0*|*[!0-9]*|????????????????*) continue;; esac;[ "$e" -le "$E" ]||{ E=$e;H=$h; };done; }'

const FOLDER =
  'for d in /run/lock /var/lock /tmp;do set -- $(ls -ldn "$d/." 2>/dev/null);' +
  'case "$1:$3" in drwxrwxrwt*:0) D=$d;break;; esac;done;[ -n "$D" ]||{ echo lacks;exit; }'

const TAKEN =
  'L="$D/berth-$I.lock";[ -e "$L" ]||[ -L "$L" ]||(set -C;: >"$L") 2>/dev/null;' +
  '[ -f "$L" ]&&[ ! -L "$L" ]||{ echo unsafe;exit; };exec 9<"$L";S="/proc/$$/fd/9";' +
  '[ "$W" != look ]||{ flock -s -n 9&&echo free||{ newest;echo "held $E $H"; };exit; };' +
  'flock -n 9||{ newest;echo "held $E $H";exit; };[ "$S" -ef "$L" ]||{ echo unsafe;exit; }'

const WRITTEN =
  'newest;N=$(date +%s);[ "$N" -gt "$E" ]||N=$((E+1));R="$D/berth-$I.$(id -u)";rm -f "$R" 2>/dev/null;' +
  '(set -C;echo "$N $W" >"$R") 2>/dev/null||{ echo unsafe;exit; };echo "mine $N"'

const HELD =
  `while [ -n "$(exec 9<&-;exec timeout ${SILENCE_SECONDS} dd bs=1 count=1 2>/dev/null)" ];do ` +
  'newest;[ "$E" = "$N" ]&&[ "$S" -ef "$L" ]||exit;echo beat;done'

/** Its two words: 32 hex, and who takes it as base64url, or `look`. It holds no single quote and no end of line: any shell passes it on. */
export const LOCK_PROGRAM = [
  'I=$1;W=$2;D=;umask 022',
  'for p in flock timeout;do command -v $p >/dev/null||{ echo lacks;exit; };done',
  RECORDED,
  FOLDER,
  TAKEN,
  WRITTEN,
  HELD,
].join(';')
