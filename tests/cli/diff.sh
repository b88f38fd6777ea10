#!/bin/sh
# diff names regions, bytes and keys, hides secrets, and exits 0, 1 or 2.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
demo=docs/guide/demo/t34-plug-bl0937.json
"$PLUGSMITH" make-dump -c "$demo" "$dir/a" >/dev/null
sed -e 's/"rl1_pin": 14/"rl1_pin": 26/' \
    -e '/"user_param_key": {/i "gw_wsm": {"nc_tp":9,"ssid":"other-decoy","passwd":"decoy-password"},' \
    "$demo" >"$dir/b.json"
"$PLUGSMITH" make-dump -c "$dir/b.json" "$dir/b" >/dev/null

expect() { # exit code, then arguments; output in $dir/said
    code=0
    wanted=$1
    shift
    "$PLUGSMITH" diff "$@" >"$dir/said" 2>&1 || code=$?
    [ "$code" -eq "$wanted" ] && return
    echo "diff $*: exit $code, wanted $wanted"
    cat "$dir/said"
    exit 1
}
says() { grep -qF "$1" "$dir/said" || { echo "missing: $1"; cat "$dir/said"; exit 1; }; }

expect 0 "$dir/a" "$dir/a"
says "the files are equal"
expect 1 "$dir/a" "$dir/b"
says 'key `user_param_key` differs'
says "rl1_pin 14 -> 26"
says 'key `gw_wsm` differs'
says "ssid (secret)"
if grep -q "other-decoy" "$dir/said"; then echo "a secret was printed"; exit 1; fi
expect 1 --reveal "$dir/a" "$dir/b"
says "other-decoy"
expect 1 --json "$dir/a" "$dir/b"
says '"name":"gw_wsm"'

cp "$dir/a" "$dir/c"
printf '0123456789abcdef' | dd of="$dir/c" bs=1 seek=64 conv=notrunc 2>/dev/null
expect 1 "$dir/a" "$dir/c"
says "equal except 0x40–0x4F"
says "all 11 stored values are equal"
head -c 1000000 "$dir/a" >"$dir/short"
expect 1 "$dir/a" "$dir/short"
says "sizes differ"
says "only A has a readable Tuya storage"
expect 2 "$dir/a" "$dir/missing"
