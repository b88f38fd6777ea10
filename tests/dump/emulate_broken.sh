#!/bin/sh
# Broken images: real dumps with bytes overwritten, cut short, or with sectors wiped are booted. The
# emulator may refuse or stop, but it never crashes, hangs, or needs more than its limits.
# ROUNDS=n tries n variants (make soak); SEED=n makes others.
# shellcheck disable=SC2015 # both branches copy
set -eu
dumps=../shared/data/dumps
[ -d "$dumps" ] || { echo "skip: $dumps is absent"; exit 77; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
xz -dc "$dumps/n-plug-cb2s.bin.xz" >"$work/n"
xz -dc "$dumps/t-cw-bulb-wb3s.bin.xz" >"$work/t"
seed=${SEED:-1}
status=0

roll() { # a number below $1
    seed=$(((seed * 1103515245 + 12345) % 2147483648))
    rolled=$((seed / 7 % $1))
}

spoil() { # $1: how many stretches
    i=0
    while [ $i -lt "$1" ]; do
        roll 2000000; at=$rolled
        roll 4; what=$rolled
        roll 64; long=$((rolled + 1))
        case $what in
        0) head -c $long /dev/zero ;;
        1) head -c $((long * 64)) /dev/zero | tr '\0' '\377' ;;
        *) roll 200000; dd if="$work/n" bs=1 skip=$rolled count=$long 2>/dev/null ;;
        esac | dd of="$work/image" bs=1 seek=$at conv=notrunc 2>/dev/null
        i=$((i + 1))
    done
}

round=0
while [ $round -lt "${ROUNDS:-6}" ]; do
    roll 2
    [ "$rolled" = 0 ] && cp "$work/n" "$work/image" || cp "$work/t" "$work/image"
    before=$seed
    roll 30; spoil $((rolled + 2))
    roll 8
    if [ "$rolled" = 0 ]; then
        roll 2000000
        head -c "$rolled" "$work/image" >"$work/cut" && mv "$work/cut" "$work/image"
    fi
    set +e
    timeout 300 "$PLUGSMITH" emulate --for 700 --json "$work/image" >"$work/out" 2>"$work/err"
    code=$?
    set -e
    if [ $code -gt 1 ] || grep -q 'broke off\|too long' "$work/err"; then
        echo "round $round (SEED=$before): exit code $code: $(cat "$work/err")"
        status=1
    fi
    round=$((round + 1))
done
exit $status
