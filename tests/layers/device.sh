#!/bin/sh
# The floors of the device: a room includes and calls only rooms on floors below its own (and itself);
# calls are read in what was compiled. What travels upwards goes through src/device/wiring.h. device.h,
# which holds the state of every room, and wiring.h may be included by all.
# shellcheck disable=SC2013,SC2044 # names in this tree have no spaces
set -eu
root=$(dirname "$0")/../..
objects=${BUILD_DIR:-$root/build/host}/CMakeFiles/device.dir
cd "$root"
case "$objects" in /*) ;; *) objects=$PWD/$objects ;; esac

# From the ground up; rooms on one line may not call each other.
floors="log number identity role_groups web hal build version event
store clock
channel
board
life
driver
light
meter
script
press save
service
command
wiring
boot
device"

# The room of a source: its folder below src/device, or its own name.
room() {
    name=${1#src/device/}
    case "$name" in */*) echo "${name%%/*}" ;; *) echo "${name%.[ch]}" ;; esac
}

symbols=$(mktemp)
trap 'rm -f "$symbols"' EXIT
for source in $(find src/device -name '*.c' ! -path '*/core_only/*' | sort); do
    object=$objects/$source.o
    [ -f "$object" ] || { echo "skip: $object is not built"; exit 77; }
    nm "$object" | awk -v room="$(room "$source")" -v source="$source" '
        $(NF - 1) ~ /^[TDR]$/ { print "has", room, source, $NF }
        $(NF - 1) == "U" { print "calls", room, source, $NF }'
done > "$symbols"
for source in $(find src/device -name '*.[ch]' ! -path '*/core_only/*' ! -name device.h | sort); do
    for target in $(sed -n 's/^#include "\(device\/[^"]*\)".*/src\/\1/p' "$source"); do
        case "$target" in */device/device.h | */device/wiring.h) continue ;; esac
        echo "includes $(room "$source") $source $target $(room "$target")"
    done
done >> "$symbols"

echo "$floors" | awk '
    FILENAME == "-" { for (i = 1; i <= NF; i++) floor[$i] = FNR; next }
    !($2 in floor) { print $3 ": " $2 " has no floor: name it in tests/layers/device.sh"; bad = 1; exit }
    pass == 1 && $1 == "has" { home[$4] = $2 }
    pass == 2 && $1 == "calls" && ($4 in home) && home[$4] != $2 && floor[home[$4]] >= floor[$2] {
        print $3 ": " $4 " lives in " home[$4] ", which is not below " $2
        bad = 1
    }
    pass == 2 && $1 == "includes" && $5 != $2 && floor[$5] >= floor[$2] {
        print $3 ": includes " $4 ", which is not below " $2
        bad = 1
    }
    END { if (!bad) print "the device calls downwards only"; exit bad }' - pass=1 "$symbols" pass=2 "$symbols"
