#!/bin/sh
# Prints what a plug costs on both chip families: bytes of code (with constants and texts, as the
# linker keeps them) and of RAM, per room, with and without network services. "own" is what this
# project brings; "machine" the same without metering: board, channels, lights, commands, scripts,
# store and what they use of base and codec. The compiler's libraries (soft floating point, libm)
# are the room "runtime".
# usage: size.sh JOBS          the whole table
#        size.sh JOBS core     the core on ARM only, and fails when it is over its budget
# shellcheck disable=SC2086 # flags and lists are several words
set -eu
jobs=$1
only=${2:-}
budget_code=98304 # the machine, 96 KiB
budget_ram=24576  # machine and metering, 24 KiB
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

objects() { # objects: lines "boot.c.obj device", "board.c.obj board", …
    find src/device -name '*.c' | sed 's|src/device/||' |
        awk -F/ '{ room = $NF == "cmd_meter.c" ? "meter" : NF > 1 ? $1 : "device"; print $NF ".obj", room; print $NF ".o", room }'
    echo "web_table.c.obj web"
}

row() { printf '%-6s %-7s %-12s %8s %8s\n' "$@"; }

# measure PRESET BUILD: one program, linked and taken apart; leaves $code, $runtime and $ram
measure() {
    case $1 in
    arm) cc="arm-none-eabi-gcc -march=armv5te -mthumb -mfloat-abi=soft --specs=nano.specs" ;;
    riscv) cc="riscv64-unknown-elf-gcc -march=rv32imac -mabi=ilp32 --specs=picolibc.specs"
        cc="$cc -Wl,--defsym=__flash_size=4M,--defsym=__ram_size=4M" ;;
    esac
    flags="-std=c11 -Os -ffreestanding -fno-common -Isrc"
    [ "$2" = core ] && flags="$flags -DPLUGSMITH_SERVICES=0"
    $cc $flags -nostartfiles -Wl,-e,main -Wl,--gc-sections -Wl,-Map="$work/map" \
        scripts/size_main.c "build/$1/lib$2.a" "build/$1/libcodec.a" "build/$1/libbase.a" -lm \
        -o "$work/program" 2>"$work/errors" || { cat "$work/errors" >&2; exit 1; }
    awk -f scripts/size_map.awk "$work/objects" "$work/map" | sort -k2 -n -r >"$work/rooms"
    code=$(awk '$1 != "runtime" { n += $2 } END { print n + 0 }' "$work/rooms")
    machine=$(awk '$1 != "runtime" && $1 != "meter" { n += $2 } END { print n + 0 }' "$work/rooms")
    runtime=$(awk '$1 == "runtime" { n += $2 } END { print n + 0 }' "$work/rooms")
    {
        printf '#include "device/device.h"\nchar ram_total[sizeof(struct device)];\nstruct device d;\n'
        $cc $flags -E -P -include device/device.h -x c /dev/null | tr '\n' ' ' |
            sed 's/.*struct device {//; s/^\([^}]*\)};.*/\1/' | tr ';' '\n' |
            sed -n 's/^ *struct [a-z_]* \([a-z_]*\)$/char ram_\1[sizeof d.\1];/p'
    } >"$work/ram.c"
    $cc $flags -c -o "$work/ram.o" "$work/ram.c"
    "${cc%%-gcc*}-nm" -S --size-sort -r "$work/ram.o" | awk '$4 ~ /^ram_/ { print substr($4, 5), $2 }' |
        while read -r name bytes; do echo "$name $((0x$bytes))"; done >"$work/members"
    ram=$(sed -n 's/^total //p' "$work/members")
}

show() { # show PRESET BUILD
    while read -r name bytes; do
        row "$1" "$2" " $name" "$bytes" ""
    done <"$work/rooms"
    while read -r name bytes; do
        [ "$name" = total ] || [ "$bytes" -lt 64 ] || row "$1" "$2" " .$name" "" "$bytes"
    done <"$work/members"
    [ "$2" != core ] || row "$1" "$2" machine "$machine" ""
    row "$1" "$2" own "$code" "$ram"
}

build() { # build PRESET TARGET...
    preset=$1
    shift
    cmake --preset "$preset" >/dev/null
    cmake --build "build/$preset" -j "$jobs" --target "$@" >"$work/log" || { cat "$work/log" >&2; exit 1; }
}

objects >"$work/objects"
if [ "$only" = core ]; then
    build arm core codec base
    measure arm core
    echo "core on ARM Thumb: machine $machine of $budget_code bytes of code, with metering $code;" \
        "RAM $ram of $budget_ram; compiler's libraries $runtime more"
    [ "$machine" -le $budget_code ] && [ "$ram" -le $budget_ram ]
    exit
fi
row target build room code ram
for preset in arm riscv; do
    build "$preset" core device codec base
    for program in core device; do
        measure "$preset" "$program"
        show "$preset" "$program"
    done
done
