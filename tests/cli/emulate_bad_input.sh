#!/bin/sh
# What is no bootable image is refused in one line, with exit code 1, and never hangs; an option that
# cannot be is refused before anything is booted, with exit code 2.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
: >"$work/empty"
head -c 2097152 /dev/zero >"$work/zeros"
head -c 2097152 /dev/urandom >"$work/noise"
status=0
for file in empty zeros noise missing; do
    set +e
    timeout 300 "$PLUGSMITH" emulate "$work/$file" >"$work/out" 2>"$work/err"
    code=$?
    set -e
    if [ "$code" -ne 1 ] || [ "$(wc -l <"$work/err")" -ne 1 ]; then
        echo "$file: exit code $code, $(wc -l <"$work/err") lines"
        cat "$work/err"
        status=1
    fi
done
wrong() {
    set +e
    timeout 300 "$PLUGSMITH" emulate "$@" "$work/zeros" >"$work/out" 2>"$work/err"
    code=$?
    set -e
    if [ "$code" -ne 2 ] || [ "$(wc -l <"$work/err")" -ne 1 ]; then
        echo "$*: exit code $code, $(cat "$work/err")"
        status=1
    fi
}
wrong --press P99@1s
wrong --press P24
wrong --press P24@2s/
wrong --press 24@2s
wrong --uart1 bluetooth
wrong --for 0
wrong --chip esp8266
exit $status
