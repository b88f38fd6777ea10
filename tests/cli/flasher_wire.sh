#!/bin/sh
# Every verb of the flasher over a pty, TCP and RFC 2217, against both families, all at once: what
# works in the process must work over a real file descriptor with real time.
# shellcheck disable=SC2086 # chip names have no spaces
set -eu
. tests/until.sh
work=$(mktemp -d -p /dev/shm 2>/dev/null || mktemp -d)
export XDG_STATE_HOME="$work/state"
root=$(pwd)
pids=
finish() {
    for pid in $pids; do kill "$pid" 2>/dev/null || true; done
    rm -rf "$work"
}
trap finish EXIT

for chip in bk7231n bk7231t; do
    "$PLUGSMITH" make-dump --config "$root/docs/guide/demo/t34-plug-bl0937.json" --chip $chip \
        "$work/$chip.bin" >/dev/null
    head -c $((0x44000)) "$work/$chip.bin" >"$work/$chip.qio"
done
head -c 40960 /dev/urandom >"$work/data.bin"

# CHIP HOW...: all verbs over one transport, in a folder of its own
story() {
    chip=$1 name=$2
    shift 2
    mkdir "$work/$chip-$name"
    cd "$work/$chip-$name"
    cp "../$chip.bin" flash.bin
    "$PLUGSMITH" chip $chip --flash flash.bin "$@" >where 2>log &
    server=$!
    trap 'kill $server 2>/dev/null; wait $server 2>/dev/null' EXIT
    until_there where
    port=$(cat where)
    verb() {
        timeout 300 "$PLUGSMITH" "$@" -p "$port" -t 60 >>out 2>&1 || {
            echo "$chip over $name: plugsmith $* failed"
            cat out
            return 1
        }
    }
    verb info
    verb backup copy.bin
    cmp copy.bin "../$chip.bin"
    verb write 0x150000 ../data.bin --yes
    verb verify --offset 0x150000 ../data.bin
    verb read 0x150000 0xA000 back.bin
    cmp back.bin ../data.bin
    verb erase 0x11000 0x8000 --yes
    verb flash "../$chip.qio" --yes --backup before.bin
    verb restore copy.bin --yes
    verb repair --rf copy.bin --yes
    verb doctor
    verb verify copy.bin
    verb reboot
    kill -INT $server
    wait $server
    trap - EXIT
    cmp flash.bin "../$chip.bin"
}

for chip in bk7231n bk7231t; do
    (story $chip pty --link "$work/pty-$chip") >"$work/$chip.pty.log" 2>&1 &
    pids="$pids $!"
    (story $chip tcp --tcp 127.0.0.1:0) >"$work/$chip.tcp.log" 2>&1 &
    pids="$pids $!"
    (story $chip rfc2217 --rfc2217 127.0.0.1:0 --reset rts --hand never) >"$work/$chip.rfc.log" 2>&1 &
    pids="$pids $!"
done
bad=0
for pid in $pids; do
    wait "$pid" || bad=1
done
pids=
[ $bad = 0 ] || { cat "$work"/*.log; exit 1; }
