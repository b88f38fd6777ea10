#!/bin/sh
# A demo dump holds decoy secrets in every place; none may survive, everything else must.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
for chip in bk7231n bk7231t bk7238; do
    for layout in classic os3; do
        "$PLUGSMITH" make-dump -f -c docs/guide/demo/t34-plug-bl0937.json --chip $chip \
            --layout $layout "$dir/in" >/dev/null
        "$PLUGSMITH" sanitize -f "$dir/in" "$dir/out" >"$dir/said"
        grep -q "gw_wsm.passwd: Wi-Fi password" "$dir/said"
        grep -q "older copy of gw_wsm.ssid: Wi-Fi name" "$dir/said"
        grep -q "user files with logs" "$dir/said"
        grep -q "RF block: MAC address" "$dir/said"
        grep -q "read back and checked" "$dir/said"
        if grep -q decoy "$dir/said"; then echo "a value was printed"; exit 1; fi
        [ "$(wc -c <"$dir/in")" -eq "$(wc -c <"$dir/out")" ]
        # the copy of a copy has nothing new to remove from plain text and changes nothing more
        "$PLUGSMITH" sanitize -f "$dir/out" "$dir/twice" >/dev/null
        cmp "$dir/out" "$dir/twice"
        # bootloader and application are untouched
        cmp -n 1220464 "$dir/in" "$dir/out"
    done
done
fails() {
    code=0
    wanted=$1
    shift
    "$PLUGSMITH" sanitize "$@" >"$dir/said" 2>"$dir/err" || code=$?
    [ "$code" -eq "$wanted" ] && [ "$(wc -l <"$dir/err")" -eq 1 ] && return
    echo "sanitize $*: exit $code, wanted $wanted with one line:"
    cat "$dir/err"
    exit 1
}
fails 1 "$dir/in" "$dir/out" # exists
fails 1 "$dir/missing" "$dir/x"
fails 1 "$dir" "$dir/x"
fails 2 "$dir/in"
head -c 100000 "$dir/in" >"$dir/part"
"$PLUGSMITH" sanitize -f "$dir/part" "$dir/out" 2>&1 | grep -q "no Tuya storage is readable"
: >"$dir/empty"
fails 1 "$dir/empty" "$dir/x"
[ ! -e "$dir/x" ]
