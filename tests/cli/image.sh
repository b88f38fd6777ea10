#!/bin/sh
# Every verb of `plugsmith image` there and back, byte for byte, on synthetic dumps; and one clear
# line for what cannot be done.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
status=0
bad() { echo "$1"; status=1; }
image() { "$PLUGSMITH" image "$@" >/dev/null 2>"$work/err"; }
printf '{"user_param_key":{"rl1_pin":14,"rl1_lv":1,"module":"T34"}}' >"$work/plug.json"

for chip in bk7231n bk7231t bk7238; do
    "$PLUGSMITH" make-dump --config "$work/plug.json" --chip $chip "$work/$chip.bin" >/dev/null
    image split "$work/$chip.bin" "$work/$chip-"
    cat "$work/$chip-bootloader.bin" "$work/$chip-app.bin" "$work/$chip-rest.bin" | cmp -s - "$work/$chip.bin" ||
        bad "$chip: split parts do not add up"
    image join "$work/$chip-bootloader.bin" "$work/joined" "$work/$chip-app.bin@0x11000" \
        "$work/$chip-rest.bin@$(($(wc -c <"$work/$chip-bootloader.bin") + $(wc -c <"$work/$chip-app.bin")))" --force
    cmp -s "$work/joined" "$work/$chip.bin" || bad "$chip: join differs"
    image to-logical "$work/$chip-app.bin" "$work/logical" --force
    image to-physical "$work/logical" "$work/physical" --force
    cmp -s "$work/physical" "$work/$chip-app.bin" || bad "$chip: to-logical and back differs"
    image decode "$work/$chip-app.bin" "$work/plain" --force || bad "$chip: decode: $(cat "$work/err")"
    key=$(sed -n 's/^key \([a-z]*\),.*/\1/p' "$work/err")
    image encode --key "$key" "$work/plain" "$work/physical" --force
    cmp -s "$work/physical" "$work/$chip-app.bin" || bad "$chip: decode and encode differs"
done

image rbl-pack "$work/plain" "$work/update.rbl" --timestamp 0x6553F100 --version 2.0
image rbl-unpack "$work/update.rbl" "$work/unpacked"
cmp -s "$work/plain" "$work/unpacked" || bad "rbl-pack and back differs"
for how in gzip aes none; do
    image rbl-pack "$work/plain" "$work/update2.rbl" --pack $how --force
    image rbl-unpack "$work/update2.rbl" "$work/unpacked" --force
    cmp -s "$work/plain" "$work/unpacked" || bad "rbl-pack --pack $how and back differs"
done
image ug-pack "$work/update.rbl" "$work/update.ug" --version 1.2.3
image ug-unpack "$work/update.ug" "$work/update.back"
cmp -s "$work/update.rbl" "$work/update.back" || bad "ug-pack and back differs"
image cut --offset 0x1D0000 --size 4k "$work/bk7231n.bin" "$work/rf"
[ "$(head -c 3 "$work/rf")" = TLV ] || bad "cut: no RF block at 0x1D0000"

# refuse CODE WORDS...: the command fails with this code and one line
refuse() {
    want=$1
    shift
    set +e
    image "$@"
    code=$?
    set -e
    [ $code -eq "$want" ] || bad "image $*: exit code $code, expected $want"
    [ "$(wc -l <"$work/err")" -eq 1 ] || bad "image $*: $(cat "$work/err")"
}
head -c 4096 /dev/urandom >"$work/noise"
printf 'x' | dd of="$work/update.rbl" bs=1 seek=200 conv=notrunc 2>/dev/null
refuse 1 to-logical "$work/noise" "$work/x"
refuse 1 decrypt "$work/noise" "$work/x"
refuse 1 rbl-unpack "$work/noise" "$work/x"
refuse 1 rbl-unpack "$work/update.rbl" "$work/x"
refuse 1 ug-unpack "$work/noise" "$work/x"
refuse 1 cut --offset 8k "$work/noise" "$work/x"
refuse 1 split "$work/noise" "$work/x"
refuse 1 to-logical "$work/missing" "$work/x"
refuse 1 cut "$work/noise" "$work/rf"
refuse 2 encrypt "$work/noise" "$work/x"
refuse 2 decrypt --key nonsense "$work/noise" "$work/x"
refuse 2 decod "$work/noise" "$work/x"
[ ! -e "$work/x" ] || bad "a refused call left a file behind"
exit $status
