#!/bin/sh
# Damage is named with its place and its repair; what is left is still told. On synthetic dumps.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
config=docs/guide/demo/t34-plug-bl0937.json
dump=$work/dump.bin
"$PLUGSMITH" make-dump --config "$config" --chip bk7231n "$dump" >/dev/null

# says FILE JQ: the JSON report satisfies the condition
says() {
    "$PLUGSMITH" inspect --json "$1" >"$work/report" || true
    jq -e "$2" "$work/report" >/dev/null || {
        echo "$1: not so: $2"
        jq -c '[.headline, .health]' "$work/report"
        exit 1
    }
}

says "$dump" '.health.verdict == "healthy" and .health.blocks_bad == 0'
says "$dump" '.config.user_param_key.rl1_pin == 26 or (.config.user_param_key | length) > 3'

# the first 256 bytes corrupt
cp "$dump" "$work/boot.bin"
head -c 256 /dev/urandom | dd of="$work/boot.bin" conv=notrunc status=none
says "$work/boot.bin" '.health.verdict | startswith("damaged bootloader")'
says "$work/boot.bin" '.bootloader.damaged and .health.bad[0].offset == 0 and .health.bad[0].blocks == 8'
says "$work/boot.bin" '.health.repair | map(test("bootloader: restore")) | any'
says "$work/boot.bin" '.app.blocks_bad == 0 and (.config.user_param_key | length) > 3'

# a page of the bootloader that could not be read
cp "$dump" "$work/page.bin"
head -c 256 /dev/zero | tr '\000' '\377' | dd of="$work/page.bin" bs=1 seek=256 conv=notrunc status=none
says "$work/page.bin" '.health.state == "damaged" and .health.blocks_bad > 0'

# nothing left of the bootloader, or of the application, is damage and not absence
ff() { head -c "$1" /dev/zero | tr '\000' '\377'; }
for lost in ff noise; do
    for place in 0:17 17:281; do
        cp "$dump" "$work/lost.bin"
        sectors=${place#*:}
        if [ $lost = ff ]; then ff $((sectors * 4096)); else head -c $((sectors * 4096)) /dev/urandom; fi |
            dd of="$work/lost.bin" bs=4096 seek="${place%:*}" conv=notrunc iflag=fullblock status=none
        part=bootloader
        [ "${place%:*}" = 0 ] || part=application
        says "$work/lost.bin" ".health.verdict | startswith(\"damaged $part: nothing of it is left\")"
    done
done
# the repair names the sectors
says "$work/boot.bin" '.health.repair[0] | test("sector 0x0 \\(4096 bytes at flash address 0x0\\)")'
# a file that ends inside the application is not healthy
head -c 100000 "$dump" >"$work/short.bin"
says "$work/short.bin" '.health.verdict | test("cut off at 0x186A0")'
# the end of a dump, of either family, is placed by the end of the flash
for chip in bk7231n bk7231t; do
    "$PLUGSMITH" make-dump --config "$config" --chip $chip "$work/family.bin" --force >/dev/null
    tail -c 262144 "$work/family.bin" >"$work/tail.bin"
    says "$work/tail.bin" '.file.flash_address == 1835008'
done

# begun behind the bootloader, and wrapped
tail -c +69633 "$dump" >"$work/cut.bin"
says "$work/cut.bin" '.file.flash_address == 69632 and .health.state == "healthy"'
cp "$work/cut.bin" "$work/turned.bin"
head -c 69632 "$dump" >>"$work/turned.bin"
says "$work/turned.bin" '.file.turned and .health.state == "healthy" and .bootloader.offset == 2027520'

# cut at many lengths: an answer every time
for size in 1 33 34 4095 69632 70000 200000 1048576 2023424 2023440 2030000 2090000; do
    head -c $size "$dump" >"$work/short.bin"
    timeout 300 "$PLUGSMITH" inspect "$work/short.bin" >/dev/null 2>"$work/err" || {
        code=$?
        if [ $code -ne 1 ] || [ "$(wc -l <"$work/err")" -ne 1 ]; then
            echo "cut at $size: exit code $code"
            cat "$work/err"
            exit 1
        fi
    }
done

# secrets are masked until they are asked for
"$PLUGSMITH" inspect --json "$dump" | jq -e '.secrets | length > 0 and all(.value == "***")' >/dev/null
"$PLUGSMITH" inspect --json --reveal "$dump" | jq -e '.secrets | any(.value != "***")' >/dev/null

# packed dumps are read as they are
xz -k "$dump"
gzip -k "$dump"
for packed in xz gz; do
    [ "$("$PLUGSMITH" inspect --json "$dump.$packed" | jq -r .file.sha256)" = \
        "$(sha256sum <"$dump" | cut -d' ' -f1)" ]
done

# templates and the picture
"$PLUGSMITH" inspect --template obk --out "$work/t.json" "$dump" 2>/dev/null
jq -e '.pins | length > 3' "$work/t.json" >/dev/null
"$PLUGSMITH" inspect --template esphome "$dump" 2>/dev/null | grep -q '^esphome:\|^bk72xx:'
"$PLUGSMITH" inspect --svg "$work/m.svg" "$dump"
grep -q '</svg>' "$work/m.svg"
