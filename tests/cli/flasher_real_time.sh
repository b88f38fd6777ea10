#!/bin/sh
# Real time, as at a bench: a station of a dozen chips takes about as long as one, and a cable that
# is pulled while writing costs the time it takes to give the same command again.
set -eu
. tests/story.sh
root=$(pwd)
cd "$work"
ok make-dump --config "$root/docs/guide/demo/t34-plug-bl0937.json" --chip bk7231n stock.bin
ok image --force cut --offset 0x11000 --size 0x33000 stock.bin app.bin
ok image --force decode app.bin code.bin
head -c 100000 /dev/zero | tr '\0' 'R' | dd of=code.bin bs=4096 seek=2 conv=notrunc 2>/dev/null
ok image --force encode --key tuya code.bin app.bin
line=paced,latency=1,time=real

cp stock.bin one.bin
ok flash --station --yes -b 2000000 --count 1 --backup b.bin --station-log one.tsv \
    -p "virtual:bk7231n,flash=one.bin,$line" app.bin
set --
for i in 01 02 03 04 05 06 07 08 09 10 11 12; do
    cp stock.bin "s$i.bin"
    echo "lamp$i" >>labels.txt
    set -- "$@" -p "virtual:bk7231n,flash=s$i.bin,$line"
done
ok flash --station --yes -b 2000000 --labels labels.txt --count 1 --backup b.bin \
    --station-log dozen.tsv "$@" app.bin
said "12 devices done, 0 failed"
for i in 01 06 12; do
    cmp -s "s$i.bin" one.bin || fail "lamp$i does not hold what one chip alone got"
done
# one after the other would be twelve times as long; a wide margin, as this computer may be busy
awk -F '\t' 'NR == FNR { alone = $5; next } $5 > 8 * alone { bad = 1 } END { exit bad }' \
    one.tsv dozen.tsv || fail "a dozen slow each other: $(cut -f5 dozen.tsv)"

# the cable: pulled while writing, then in again
cp stock.bin one.bin
if run flash --yes -b 2000000 --backup before.bin \
    -p "virtual:bk7231n,flash=one.bin,$line,fault=pull:440000" app.bin; then
    fail "the cable was pulled, and it did not matter"
fi
said "cable was pulled"
ok flash --yes -b 2000000 --backup before.bin -p "virtual:bk7231n,flash=one.bin,$line" app.bin
cmp -s one.bin s01.bin || fail "not the same after the cable was pulled"
cmp -s before.bin stock.bin || fail "the backup is not what the chip held before"
