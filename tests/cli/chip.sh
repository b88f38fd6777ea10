#!/bin/sh
# A virtual chip served as a pty, over TCP and over RFC 2217, used by the flasher as any port:
# blank chip, a written range, read back, in the file afterwards; and the mistakes a user makes.
set -eu
. tests/until.sh
work=$(mktemp -d)
export XDG_STATE_HOME="$work/state"
pid=
finish() {
    [ -z "$pid" ] || kill "$pid" 2>/dev/null || true
    rm -rf "$work"
}
trap finish EXIT
fail() { echo "chip.sh: $1"; exit 1; }

head -c 65536 /dev/urandom >"$work/data.bin"

serve() { # options of plugsmith chip; sets $pid and $where
    : >"$work/where"
    "$PLUGSMITH" chip "$@" >"$work/where" 2>"$work/log" &
    pid=$!
    until_there "$work/where" || { cat "$work/log"; fail "no address from: chip $*"; }
    where=$(cat "$work/where")
}
stop() {
    kill -INT "$pid"
    wait "$pid" || fail "chip ended with $? on Ctrl-C"
    pid=
}

for chip in bk7231n bk7231t; do
    for how in "--link $work/port" "--tcp 127.0.0.1:0" "--rfc2217 127.0.0.1:0 --reset rts --hand never"; do
        rm -f "$work/flash.bin" "$work/back.bin"
        # shellcheck disable=SC2086 # several words on purpose
        serve $chip --flash "$work/flash.bin" $how
        timeout 300 "$PLUGSMITH" write -p "$where" 0x20000 "$work/data.bin" --yes --size 2M \
            >"$work/out" 2>&1 || { cat "$work/out"; fail "write to $chip $how"; }
        timeout 300 "$PLUGSMITH" read -p "$where" --size 2M 0x20000 65536 "$work/back.bin" \
            >"$work/out" 2>&1 || { cat "$work/out"; fail "read from $chip $how"; }
        cmp "$work/data.bin" "$work/back.bin" || fail "$chip $how: read differs"
        stop
        [ ! -e "$work/port" ] || fail "the link to the pty was left behind"
        dd if="$work/flash.bin" bs=65536 skip=2 count=1 2>/dev/null | cmp - "$work/data.bin" ||
            fail "$chip $how: the flash file differs"
    done
done

mistake() { # words expected on stderr, then arguments
    words=$1
    shift
    code=0
    "$PLUGSMITH" chip "$@" >"$work/out" 2>"$work/err" || code=$?
    [ "$code" -eq 2 ] || fail "chip $*: exit $code"
    [ "$(wc -l <"$work/err")" -eq 1 ] || fail "chip $*: not one line: $(cat "$work/err")"
    grep -q "$words" "$work/err" || fail "chip $*: said $(cat "$work/err")"
}
mistake "did you mean BK7231N" bk7231nn
mistake "did you mean flip" bk7231n --fault flop:0.1
mistake "is not P" bk7231n --fault flip:2
mistake "one of --link" bk7231n --tcp 127.0.0.1:0 --link "$work/x"
mistake "power of two" bk7231n --size 3000
"$PLUGSMITH" chip list | grep -q BK7258 || fail "chip list"
echo "pty, TCP and RFC 2217 carry both families"
