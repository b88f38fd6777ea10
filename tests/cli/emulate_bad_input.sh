#!/bin/sh
# What is no bootable image is refused in one line, with exit code 1, and never hangs.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
: >"$work/empty"
head -c 2097152 /dev/zero >"$work/zeros"
head -c 2097152 /dev/urandom >"$work/noise"
status=0
for file in empty zeros noise missing; do
    set +e
    timeout 30 "$PLUGSMITH" emulate "$work/$file" >"$work/out" 2>"$work/err"
    code=$?
    set -e
    if [ "$code" -ne 1 ] || [ "$(wc -l <"$work/err")" -ne 1 ]; then
        echo "$file: exit code $code, $(wc -l <"$work/err") lines"
        cat "$work/err"
        status=1
    fi
done
exit $status
