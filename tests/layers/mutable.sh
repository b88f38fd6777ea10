#!/bin/sh
# No mutable variable at file scope (nor a static one in a function) in base, codec, device:
# reads the compiled objects, where .data and .bss show what can change. Constant tables with
# pointers live in .data.rel.ro and are fine.
# shellcheck disable=SC2044 # names in this tree have no spaces
set -eu
build=${BUILD_DIR:-build/host}
status=0
for room in base codec device; do
    [ -d "$build/CMakeFiles/$room.dir" ] || continue
    for object in $(find "$build/CMakeFiles/$room.dir" -name '*.o'); do
        names=$(nm -f posix "$object" | awk '$2 ~ /^[bBdDC]$/ { print $1 }')
        [ -n "$names" ] || continue
        for name in $names; do
            case "$name" in __odr_asan* | .L* | __asan*) continue ;; esac
            section=$(objdump -t "$object" | awk -v n="$name" '$NF == n { for (i = 1; i < NF; i++) if ($i ~ /^\./) print $i; if ($0 ~ /\*COM\*/) print "common" }' | head -n 1)
            case "$section" in .data.rel.ro* | "") ;; *) echo "$object: $name is mutable ($section)"; status=1 ;; esac
        done
    done
done
[ $status -eq 0 ] && echo "no mutable file-scope variable in base, codec, device"
exit $status
