#!/bin/sh
# The genuine bootloader of a BK7231T dump behind a pty, talked to by the flasher: recognised without
# a retry, backed up bit-exactly, written to and read back.
set -eu
. tests/until.sh
dumps=../shared/data/dumps
[ -d "$dumps" ] || { echo "skip: $dumps is absent"; exit 77; }
work=$(mktemp -d)
export XDG_STATE_HOME="$work/state"
pid=
finish() {
    [ -z "$pid" ] || kill "$pid" 2>/dev/null || true
    rm -rf "$work"
}
trap finish EXIT
fail() { echo "chip_boot.sh: $1"; exit 1; }

xz -dc "$dumps/t-cw-bulb-wb3s.bin.xz" >"$work/dump"
"$PLUGSMITH" chip --boot "$work/dump" --link "$work/port" >"$work/where" 2>"$work/log" &
pid=$!
until_true [ -e "$work/port" ] || { cat "$work/log"; fail "no port"; }

flasher() { timeout 300 "$PLUGSMITH" "$@" >"$work/out" 2>&1 || { cat "$work/out"; fail "$1"; }; }
flasher backup -p "$work/port" "$work/back" --force
cmp "$work/dump" "$work/back" || fail "the backup differs"
# Nothing has to be asked twice; on a busy machine an answer may come too late, though not always.
calm() {
    flasher info -p "$work/port"
    grep -q 'BK7231S) 1.0.5' "$work/out" || fail "bootloader not recognised: $(cat "$work/out")"
    ! grep 'retries' "$work/out" | grep -qv ' 0 retries'
}
calm || calm || calm || calm || calm || fail "retries: $(cat "$work/out")"
head -c 20480 /dev/urandom >"$work/data"
flasher write -p "$work/port" 0x132000 "$work/data" --yes --size 2M
flasher read -p "$work/port" --size 2M 0x132000 20480 "$work/read"
cmp "$work/data" "$work/read" || fail "what was written is not what is read"
