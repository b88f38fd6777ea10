#!/bin/sh
# The floors of the device, checked in what was compiled: a room calls only rooms on floors below its
# own (and itself). What travels upwards goes through src/device/wiring.h.
set -eu
root=$(dirname "$0")/../..
objects=${BUILD_DIR:-$root/build/host}/CMakeFiles/device.dir
cd "$root"
case "$objects" in /*) ;; *) objects=$PWD/$objects ;; esac

# From the ground up; rooms on one line may not call each other.
floors="log number identity role_groups web
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
    case "$name" in */*) echo "${name%%/*}" ;; *) echo "${name%.c}" ;; esac
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

echo "$floors" | awk '
    FILENAME == "-" { for (i = 1; i <= NF; i++) floor[$i] = FNR; next }
    !($2 in floor) { print $3 ": " $2 " has no floor: name it in tests/layers/device.sh"; bad = 1; exit }
    pass == 1 && $1 == "has" { home[$4] = $2 }
    pass == 2 && $1 == "calls" && ($4 in home) && home[$4] != $2 && floor[home[$4]] >= floor[$2] {
        print $3 ": " $4 " lives in " home[$4] ", which is not below " $2
        bad = 1
    }
    END { if (!bad) print "the device calls downwards only"; exit bad }' - pass=1 "$symbols" pass=2 "$symbols"
