#!/bin/sh
# What `flash --template` wrote stands where firmware reads it: a stock plug is flashed with pins and
# a name, then a program of a few instructions boots on the very flash, reads the OpenBeken block
# through the flash controller, and prints its mark and a part of the name. The flash that the
# emulator hands out still holds the block. The program is handed over in every form there is.
set -eu
. tests/story.sh
root=$(pwd)
cd "$work"

# r4 = UART2's port, r5 = flash controller; for each read command at `list`: command, then print 3
# bytes of the first word; then a line feed. $1: middle byte of the block's address.
program() {
    printf '\006\000\000\352\024\360\237\345\024\360\237\345\024\360\237\345'
    printf '\024\360\237\345\024\360\237\345\024\360\237\345\024\360\237\345'
    printf '\074\100\237\345\074\120\237\345\074\140\217\342\004\000\226\344'
    printf '\000\000\120\343\007\000\000\012\000\000\205\345\010\020\225\345'
    printf '\003\040\240\343\000\020\204\345\041\024\240\341\001\040\122\342'
    printf '\373\377\377\032\364\377\377\352\012\020\240\343\000\020\204\345'
    printf '\376\377\377\352\014\042\200\000\000\060\200\000'
    printf '%b' "\\0000\\0020\\0$1\\0045\\0340\\0022\\0$1\\0045\\0000\\0000\\0000\\0000"
    head -c 256 /dev/zero
}

for chip in BK7231N:035 BK7231T:036; do
    ok make-dump --force --config "$root/docs/guide/demo/t34-plug-bl0937.json" \
        --chip "${chip%:*}" flash.bin
    head -c $((0x44000)) flash.bin >image.bin
    echo '{"pins": {"26": "Rel;1"}}' >template.json
    echo '{"short_name": "plug{label}"}' >home.json
    ok flash -p "virtual:${chip%:*},flash=flash.bin" --yes --template template.json \
        --config home.json --label 07 --backup before.bin image.bin
    # the program in place of bootloader and application
    program "${chip#*:}" >code.bin
    ok image to-physical --force code.bin code_UA.bin
    head -c $((0x11000)) /dev/zero | tr '\0' '\377' | dd of=flash.bin conv=notrunc 2>/dev/null
    dd if=code_UA.bin of=flash.bin bs=4096 seek=17 conv=notrunc 2>/dev/null
    ok emulate --for 10ms --experiment none --force --save-flash after.bin flash.bin
    said "CFGug0" # bytes 2 to 4 of plug07
    cmp -s flash.bin after.bin || fail "the flash was changed"
    xz -kf flash.bin
    ok emulate --for 10ms --experiment none flash.bin.xz
    said "CFGug0"
    rm -f before.bin* flash.bin*
done

# without a flash around it the block reads erased, which is no text
ok image rbl-pack --force code.bin code.rbl
ok image ug-pack --force code.rbl code_UG.bin
for form in code.bin code_UA.bin code.rbl code_UG.bin; do
    ok emulate --for 10ms --experiment none --events --json --force --save-flash after.bin $form
    [ "$(wc -c <after.bin)" = 2097152 ] || fail "$form: no whole flash"
    said '"from": "'
    dd if=$form of=cut.bin bs=1 count=100 2>/dev/null
    if timeout 300 "$PLUGSMITH" emulate cut.bin >out 2>&1; then
        [ $form = code.bin ] || [ $form = code_UA.bin ] || fail "$form: a cut container boots"
    else
        [ "$(wc -l <out)" = 1 ] || fail "$form: more than a line"
    fi
done
