#!/bin/sh
# A real battery sensor goes to sleep, is woken by its button, and knows why: the firmware reads the
# wake-up registers and says so in its log. Hours pass in seconds until its timer wakes it.
set -eu
dump=../shared/data/dumps/n-motion-battery-cbu.bin.xz
[ -f "$dump" ] || { echo "skip: $dump is absent"; exit 77; }
case "${BUILD_DIR:-}" in *asan*) echo "skip: too slow under the sanitizers"; exit 77 ;; esac
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
boot() { "$PLUGSMITH" emulate --experiment none "$@" "$dump" >"$work/out"; }
said() { grep -q "$1" "$work/out" || { echo "emulate_sleep.sh: no '$1'"; tail -5 "$work/out"; exit 1; }; }

boot --press P20@12.8s --for 14s
said 'enter sleep mode,sleep_timer is 28800'
said 'sleeps until 28812.* s or P16 or P20'
said '^ *12\.8[0-9]*  woken by P20'
said 'cur_wake_type:1'
boot --for 28814s
said 'woken by its timer'
said 'cur_wake_type:5'
