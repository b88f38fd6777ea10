#!/bin/sh
# The house plan, checked: reads every #include below src/ and fails on an arrow that points the
# wrong way, and on an operating-system header in base, codec or device.
# shellcheck disable=SC2013,SC2044 # names in this tree have no spaces
set -eu
root=$(dirname "$0")/../..
cd "$root"

# room -> rooms it may include (itself is always allowed)
allowed() {
    case "$1" in
    base) echo "base" ;;
    codec) echo "base codec" ;;
    device) echo "base codec device" ;;
    port) echo "base codec device port" ;;
    workbench) echo "base codec workbench" ;;
    virtual) echo "base codec device port virtual" ;;
    cli) echo "base codec device port workbench virtual cli" ;;
    *) echo "" ;;
    esac
}
freestanding="string.h stdint.h stdbool.h stddef.h stdarg.h limits.h float.h math.h"
status=0
bad() { echo "$1"; status=1; }

for file in $(find src -name '*.[ch]' | sort); do
    room=$(echo "$file" | cut -d/ -f2)
    for target in $(sed -n 's/^[[:space:]]*#[[:space:]]*include[[:space:]]*"\([^"]*\)".*/\1/p' "$file"); do
        to=${target%%/*}
        case " $(allowed "$room") " in
        *" $to "*) ;;
        *) bad "$file: \"$target\": $room may not include $to (allowed: $(allowed "$room"))" ;;
        esac
        [ -f "src/$target" ] || bad "$file: \"$target\": write includes from src/, like \"base/bytes.h\""
        if [ "$room" = virtual ] && [ "$to" = port ]; then
            case "$target" in port/virtual/*) ;; *) bad "$file: \"$target\": virtual may only compose port/virtual" ;; esac
        fi
    done
    case "$room" in base | codec | device)
        for header in $(sed -n 's/^[[:space:]]*#[[:space:]]*include[[:space:]]*<\([^>]*\)>.*/\1/p' "$file"); do
            case " $freestanding " in
            *" $header "*) ;;
            *) bad "$file: <$header>: $room is freestanding (allowed: $freestanding)" ;;
            esac
        done ;;
    esac
done
[ $status -eq 0 ] && echo "every #include follows the house plan"
exit $status
