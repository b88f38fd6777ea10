#!/bin/sh
# Configuration in the same go: a stock plug is flashed with pins and network, then this project's
# firmware starts on the very flash and is what it was told to be; told something else it is that,
# although it keeps its settings in a store of its own since its first start.
set -eu
. tests/story.sh
root=$(pwd)
lines() { printf '%s\n' "$@" >"$work/lines"; }
boot() { # the lines on a plug that starts on the flash
    timeout 300 "$PLUGSMITH" sim --chip "$chip" --flash flash.bin <"$work/lines" >"$work/out" 2>&1 ||
        fail "the plug does not start"
}
cd "$work"

for chip in BK7231N BK7231T; do
    ok make-dump --force --config "$root/docs/guide/demo/t34-plug-bl0937.json" --chip $chip flash.bin
    head -c $((0x44000)) flash.bin >image.bin
    echo '{"pins": {"26": "Rel;1", "7": "Btn;1"}, "command": "addChannel 1 1",
        "calibration": [0.119, 0.01116, 1.321]}' >template.json
    echo '{"wifi_ssid": "home net", "short_name": "plug{label}"}' >home.json
    ok flash -p "virtual:$chip,flash=flash.bin" --yes --template template.json --config home.json \
        --label 07 --backup first.bin image.bin
    if grep -q "own store" out; then fail "there is no store yet"; fi
    # the first start takes the block over into the store, and something else is kept there
    lines ShortName MeterFactors :state "lfs_write note.txt echo kept"
    boot
    said "ShortName is plug07"
    said "MeterFactors 0.119000"
    said " 1.320999980" # the float nearest to 1.321
    said "P26 Rel high, channel 1"
    lines ShortName
    boot
    said "ShortName is plug07"
    # now the store counts: it must hear of the change
    echo '{"pins": {"26": "Rel;2", "7": "Btn;2"}}' >template.json
    echo '{"wifi_ssid": "other net", "short_name": "lamp{label}"}' >home.json
    ok flash -p "virtual:$chip,flash=flash.bin" --yes --template template.json --config home.json \
        --label 08 --backup second.bin image.bin
    said "own store"
    lines ShortName :state "startScript note.txt" ":run 2s"
    boot
    said "ShortName is lamp08"
    said "kept"
    said "P26 Rel low, channel 2"
    rm -f first.bin* second.bin*
done
