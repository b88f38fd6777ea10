#!/bin/sh
# Prints text, data and bss per room for the host and for both chip families.
# usage: size.sh JOBS
# shellcheck disable=SC2013 # one word a line is meant
set -eu
jobs=$1
sum() { # sum SIZE_TOOL LIBRARY: one row per folder inside the library
    "$1" -t "$2" 2>/dev/null | awk 'END { printf "%8d %7d %7d", $1, $2, $3 }'
}
printf '%-8s %-10s %8s %7s %7s\n' target room text data bss
for preset in host arm riscv; do
    case $preset in
    host) tool=size ;;
    arm) tool=arm-none-eabi-size ;;
    riscv) tool=riscv64-unknown-elf-size ;;
    esac
    cmake --preset "$preset" >/dev/null
    cmake --build "build/$preset" -j "$jobs" >/dev/null
    for library in "build/$preset"/lib*.a; do
        name=$(basename "$library" .a)
        printf '%-8s %-10s %s\n' "$preset" "${name#lib}" "$(sum "$tool" "$library")"
    done
    for folder in src/device/*/; do
        room=$(basename "$folder")
        objects=$(find "build/$preset/CMakeFiles/device.dir/src/device/$room" -name '*.o*' 2>/dev/null) || continue
        [ -n "$objects" ] || continue
        # shellcheck disable=SC2086 # one word per object is meant
        row=$("$tool" -t $objects | awk 'END { printf "%8d %7d %7d", $1, $2, $3 }')
        printf '%-8s %-10s %s\n' "$preset" " ·$room" "$row"
    done
    case $preset in
    host) compiler="cc" ;;
    arm) compiler="arm-none-eabi-gcc -march=armv5te -mthumb -mfloat-abi=soft" ;;
    riscv) compiler="riscv64-unknown-elf-gcc -march=rv32imac -mabi=ilp32" ;;
    esac
    # what a plug takes in RAM: everything the device keeps is one struct
    object=$(mktemp)
    {
        printf '#include "device/device.h"\nstruct device device;\n'
        for part in $(sed -n '/^struct device {/,/^};/s/^    struct [a-z_]* \([a-z]*\);.*/\1/p' src/device/device.h); do
            printf 'char part_%s[sizeof device.%s];\n' "$part" "$part"
        done
    } | $compiler -std=c11 -ffreestanding -fno-common -Isrc -x c -c -o "$object" -
    "${tool%size}nm" -S --size-sort -r -t d "$object" | while read -r _ bytes _ symbol; do
        bytes=$(echo "$bytes" | sed 's/^0*//')
        name=$([ "$symbol" = device ] && echo "RAM" || echo " ·${symbol#part_}")
        printf '%-8s %-10s %8s %7s %7d\n' "$preset" "$name" - - "$bytes"
    done
    rm -f "$object"
done
