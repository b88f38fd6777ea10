#!/bin/sh
# Real dumps on virtual chips: every one is backed up bit-exactly, and restored onto its chip after
# that was overwritten. A bootloader with a destroyed beginning is seen, named and mended by 4 KiB.
set -eu
dumps=../shared/data/dumps
[ -d "$dumps" ] || { echo "skipped: $dumps is absent"; exit 77; }
. tests/story.sh

for dump in "$dumps"/[nt]-*.bin.xz; do
    name=$(basename "$dump" .bin.xz)
    case $name in n-*) chip=bk7231n ;; *) chip=bk7231t ;; esac
    xz -dc "$dump" >"$work/stock.bin"
    cp "$work/stock.bin" "$work/flash.bin"
    ok backup -p "virtual:$chip,flash=$work/flash.bin,readonly,paced,latency=16" "$work/copy.bin"
    cmp -s "$work/copy.bin" "$work/stock.bin" || fail "$name: the backup is not the dump"
    rm -f "$work"/copy.bin*
done

for name in n-plug-bl0937-cb2s t-cw-bulb-wb3s; do
    case $name in n-*) chip=bk7231n ;; *) chip=bk7231t ;; esac
    xz -dc "$dumps/$name.bin.xz" >"$work/stock.bin"
    cp "$work/stock.bin" "$work/flash.bin"
    head -c 1048576 /dev/urandom | dd of="$work/flash.bin" bs=4096 seek=17 conv=notrunc 2>/dev/null
    ok restore -p "virtual:$chip,flash=$work/flash.bin" --yes "$dumps/$name.bin.xz"
    cmp -s "$work/flash.bin" "$work/stock.bin" || fail "$name: not restored"
done

# the first 256 bytes destroyed
xz -dc "$dumps/n-plug-bl0937-cb2s.bin.xz" >"$work/stock.bin"
for filler in "/dev/urandom" "/dev/zero"; do
    cp "$work/stock.bin" "$work/flash.bin"
    head -c 256 $filler | dd of="$work/flash.bin" conv=notrunc 2>/dev/null
    port="virtual:bk7231n,flash=$work/flash.bin"
    ok info -p "$port"
    said "BK7231N 1.0.1, DAMAGED" && said "damaged sector 000000..001000"
    rm -f "$work"/copy.bin*
    ok backup -p "$port" "$work/copy.bin"
    said "DAMAGED in this chip, sector 000000"
    ok repair -p "$port" --yes "$dumps/n-switch4-rf-cb3s.bin.xz"
    said "write 4 KiB" && said "4 KiB changed, verified"
    cmp -s "$work/flash.bin" "$work/stock.bin" || fail "not repaired ($filler)"
    ok verify -p "$port" "$work/stock.bin"
done
# not from a bootloader of another version
head -c 256 /dev/zero | dd of="$work/flash.bin" conv=notrunc 2>/dev/null
if timeout 300 "$PLUGSMITH" repair -p "$port" --yes "$dumps/t-cw-bulb-wb3s.bin.xz" >"$work/out" 2>&1; then
    fail "repaired from a foreign bootloader"
fi
# and never on a chip that answers from it
if timeout 300 "$PLUGSMITH" repair -p "virtual:bk7231t,size=2M" --size 2M --yes \
    "$dumps/t-cw-bulb-wb3s.bin.xz" >"$work/out" 2>&1; then
    fail "repaired a bootloader in use"
fi
said "SPI programmer"
