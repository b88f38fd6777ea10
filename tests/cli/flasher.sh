#!/bin/sh
# Every verb of the flasher against virtual chips of both families inside the process: a synthetic
# stock plug is backed up, freed, configured, damaged, mended and restored; a station; a job that
# Ctrl-C breaks off and that goes on; images that must be refused.
# shellcheck disable=SC2015,SC2086 # numbers and names without spaces; both branches assign
set -eu
. tests/story.sh
. tests/until.sh
root=$(pwd)
same() { cmp -s "$1" "$2" || fail "$1 and $2 differ"; }
bytes() { # FILE OFFSET SIZE: a piece as text
    dd if="$1" bs=4096 skip=$(($2 / 4096)) count=$(($3 / 4096)) 2>/dev/null | cksum
}
cd "$work"

for chip in bk7231n bk7231t; do
    port="virtual:$chip,flash=$work/$chip.bin"
    [ $chip = bk7231n ] && rf=0x1D0000 config=0x1D1000 || { rf=0x1E0000; config=0x1E1000; }
    ok make-dump --config "$root/docs/guide/demo/t34-plug-bl0937.json" --chip $chip "$chip.bin"
    cp $chip.bin stock.bin

    # looking
    ok info -p "$port" --full && said "MAC 02:00:00:DE:C0:01" && said "key tuya"
    ok doctor -p "$port" && said "the chip answers" && said "0 of 200 questions lost"
    ok backup -p "$port" copy.bin && same copy.bin stock.bin
    grep -q '"complete": true' copy.bin.map || fail "the map does not say that the copy is whole"
    no backup -p "$port" copy.bin && said "finished backup"
    ok read -p "$port" $rf 0x1000 rf.bin --force
    [ "$(cksum <rf.bin)" = "$(bytes stock.bin $rf 4096)" ] || fail "read is not what stands there"
    ok verify -p "$port" copy.bin
    ok reboot -p "$port"
    same $chip.bin stock.bin # nothing was changed

    # firmware of our own making: the synthetic application with another inside
    ok image --force cut --offset 0 --size 0x44000 stock.bin stock-qio.bin
    ok image --force cut --offset 0x11000 --size 0x33000 stock.bin ua.bin
    ok image --force decode ua.bin code.bin
    head -c 100000 /dev/zero | tr '\0' 'P' | dd of=code.bin bs=4096 seek=2 conv=notrunc 2>/dev/null
    ok image --force encode --key tuya code.bin ua.bin
    head -c 69632 stock-qio.bin >new.bin
    cat ua.bin >>new.bin

    # freeing: plan, then the deed, with pins and network in the same go
    ok flash -p "$port" --dry-run new.bin && said "plan:" && same $chip.bin stock.bin
    echo '{"pins": {"26": "Rel;1", "10": "Btn;1"}, "command": "addEventHandler x 1 y"}' >template.json
    echo '{"wifi_ssid": "home net", "mqtt_port": 1884, "short_name": "plug{label}"}' >home.json
    ok flash -p "$port" --yes --backup before.bin --template template.json --config home.json \
        --label 07 new.bin
    said "verified" && same before.bin stock.bin
    [ "$(bytes $chip.bin 0x11000 0x32000)" = "$(bytes new.bin 0x11000 0x32000)" ] || fail "app"
    for region in "0 0x11000" "$rf 0x1000" "0x1EE000 0x12000"; do
        # shellcheck disable=SC2086 # offset and size
        [ "$(bytes $chip.bin $region)" = "$(bytes stock.bin $region)" ] || fail "$region changed"
    done
    ok read -p "$port" $config 0x1000 config.bin --force
    grep -q "^CFG" config.bin && grep -aq "home net" config.bin && grep -aq "plug07" config.bin ||
        fail "the configuration is not there"
    no flash -p "$port" --yes --backup other.bin --config /dev/null new.bin
    echo '{"wifi_sid": "x"}' >bad.json
    no flash -p "$port" --yes --config bad.json new.bin && said 'no setting "wifi_sid"'
    echo '{"pins": {"26": "Rellay;1"}}' >bad.json
    no flash -p "$port" --yes --template bad.json new.bin && said 'is no role'

    # ranges
    head -c 20480 /dev/urandom >data.bin
    ok write -p "$port" 0x140000 data.bin --yes
    ok verify -p "$port" --offset 0x140000 data.bin
    ok erase -p "$port" 0x140000 0x5000 --yes
    no verify -p "$port" --offset 0x140000 data.bin && said "5 of 5 sectors differ"
    no write -p "$port" $rf data.bin --yes && said "were kept"
    no erase -p "$port" 0x140001 0x1000 --yes && said "multiples of 0x1000"
    no erase -p "$port" $rf 0x1000 --yes && said "were kept"
    no backup -p "$port" "$work/nowhere/copy.bin" && said "No such file" # before anything is read
    no read -p "$port" 0 0x1000 "$work/nowhere/x.bin" && said "No such file"
    no info -p "$port" --size 100000 && said "whole sectors"
    no info -p "$port" --otp otp.bin && said "shows no OTP"
    no repair -p "$port" --mac 00:00:00:00:00:00 --yes && said "not all 0"
    no flash -p "$port" --yes --template nowhere.json new.bin && said "nowhere.json"
    no erase -p "$port" 0 0x11000 --yes && said "kept: bootloader"

    # a lost RF block, by hand: gone, seen, mended
    dd if=/dev/zero of=$chip.bin bs=4096 seek=$((rf / 4096)) count=1 conv=notrunc 2>/dev/null
    ok info -p "$port" && said "MISSING"
    ok repair -p "$port" --rf before.bin --yes
    [ "$(bytes $chip.bin $rf 4096)" = "$(bytes stock.bin $rf 4096)" ] || fail "RF not mended"
    ok repair -p "$port" --mac 02:11:22:33:44:56 --yes
    ok info -p "$port" && said "MAC 02:11:22:33:44:56"
    no restore -p "$port" before.bin --yes && said "another device"
    ok repair -p "$port" --rf before.bin --yes

    # and all back
    ok restore -p "$port" before.bin --yes
    same $chip.bin stock.bin
    rm -f copy.bin* before.bin* ./*-qio.bin
done

# what must be refused, with the reason
port="virtual:bk7231n,flash=$work/bk7231n.bin"
no flash -p "$port" --yes new.bin && said "refused: .*BK7231T"
no flash -p "$port" --yes bk7231n.bin && said "plugsmith restore"
no flash -p "$port" --yes "$root/LICENSE" && said "refused"
ok image --force cut --offset 0x11000 --size 0x33000 bk7231n.bin ua.bin
no flash -p "virtual:bk7231n,flash=none.bin,key=none" --yes --no-backup ua.bin && said "--rekey"
no restore -p "$port" bk7231t.bin --yes

# the same image for a chip without key: encrypted anew
cp bk7231n.bin plain.bin
ok image --force cut --offset 0x11000 --size 0x33000 bk7231n.bin ua.bin
ok flash -p "virtual:bk7231n,flash=$work/plain.bin,key=none" --yes --no-backup --rekey ua.bin
ok image --force cut --offset 0x11000 --size 0x33000 plain.bin rekeyed.bin
ok image --force decode rekeyed.bin a.bin
ok image --force decode ua.bin b.bin
same a.bin b.bin
if cmp -s rekeyed.bin ua.bin; then fail "nothing was encrypted anew"; fi

# a station: a dozen chips at once, each with its label, backup and line in the log
set --
for i in 01 02 03 04 05 06 07 08 09 10 11 12; do
    cp bk7231n.bin "s$i.bin"
    echo "lamp $i" >>labels.txt
    set -- "$@" -p "virtual:bk7231n,flash=$work/s$i.bin,paced,latency=1"
done
ok image --force decode ua.bin code.bin
head -c 50000 /dev/zero | tr '\0' 'S' | dd of=code.bin bs=4096 seek=2 conv=notrunc 2>/dev/null
ok image --force encode --key tuya code.bin ua.bin
ok flash --station --yes --labels labels.txt --count 1 --backup unit.bin --station-log log.tsv "$@" ua.bin
said "12 devices done, 0 failed"
[ "$(cut -f2,4 log.tsv | sort | uniq | grep -c 'lamp .*ok')" = 12 ] || fail "log: $(cat log.tsv)"
for i in 01 05 12; do
    same "unit-lamp_$i.bin" bk7231n.bin
    [ "$(bytes "s$i.bin" 0x11000 0x32000)" = "$(head -c 204800 ua.bin | cksum)" ] || fail "s$i"
done
# in the chips' own time nobody waited for another
awk -F '\t' 'NR == 1 { low = high = $5 } { if ($5 < low) low = $5; if ($5 > high) high = $5 }
    END { exit !(high <= low * 1.1) }' log.tsv || fail "some chips were slowed: $(cut -f5 log.tsv)"
no flash --station -p "$port" ua.bin && said "--yes"

# Ctrl-C in the middle of writing: says how to go on, and the same command does
cp bk7231n.bin slow.bin
slow="virtual:bk7231n,flash=$work/slow.bin,paced,time=real"
: >events
"$PLUGSMITH" flash -p "$slow" -b 921600 --yes --backup slow-backup.bin --json ua.bin >events 2>&1 &
pid=$!
until_said '"what":"writing"' events || fail "it never wrote"
kill -INT $pid
code=0
wait $pid || code=$?
cp events out
[ $code = 1 ] || fail "Ctrl-C ended with $code"
said "goes on from there"
cmp -s slow.bin bk7231n.bin && fail "nothing had been written yet"
ok flash -p "virtual:bk7231n,flash=$work/slow.bin" --yes --backup slow-backup.bin ua.bin
said "going on where it broke off" && same slow-backup.bin bk7231n.bin
[ "$(bytes slow.bin 0x11000 0x32000)" = "$(bytes s01.bin 0x11000 0x32000)" ] || fail "not finished"

# newer chips: four bytes of key, one-time memory behind clock and power
ok info -p "virtual:bk7258,key=tuya" --otp otp.bin && said "510fb093 510fb093 510fb093 510fb093"
said "4096 bytes" && [ "$(wc -c <otp.bin)" = 4096 ] || fail "OTP"
no info -p "virtual:bk7258" --otp otp.bin && said "exists already"
# more than the flash's id says is read only with a warning
ok read -p "virtual:bk7231n,flash=$work/bk7231n.bin" --size 4M 0x200000 0x1000 wrapped.bin
said "the beginning again"

# the status register of a virtual chip outlives it
ok read -p "virtual:bk7231n,flash=$work/slow.bin,protected" 0 0x1000 x.bin
[ -s slow.bin.sr ] || fail "the status register was forgotten"
ok info -p "virtual:bk7231n,flash=$work/slow.bin" && said "protection: ON"
ok erase -p "virtual:bk7231n,flash=$work/slow.bin" 0x140000 0x1000 --yes
ok write -p "virtual:bk7231n,flash=$work/slow.bin" 0x140000 data.bin --yes
ok info -p "virtual:bk7231n,flash=$work/slow.bin" && said "protection: off"
