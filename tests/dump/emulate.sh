#!/bin/sh
# Boots every real Beken dump on the virtual board: application log lines appear, two runs give the
# same hash, no secret is shown, the dump stays as it was, pins that the log names agree with the
# known configuration.
set -eu
dumps=../shared/data/dumps
[ -d "$dumps" ] || { echo "skip: $dumps is absent"; exit 77; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
status=0
which="[nt]-*" long=4500
case "${BUILD_DIR:-}" in *asan*) which="[nt]-plug*" long=300 ;; esac # the sanitizers make booting slow
for packed in "$dumps"/$which.bin.xz; do
    name=$(basename "$packed" .bin.xz)
    xz -dc "$packed" >"$work/dump"
    sum=$(cksum <"$work/dump")
    "$PLUGSMITH" emulate --for "$long" --experiment none --json "$work/dump" >"$work/one"
    lines=$(jq '[.log[] | select(.kind == "log" and (.text | test("TUYA|app|init")))] | length' "$work/one")
    if [ "$lines" -lt 5 ]; then
        echo "$name: only $lines application log lines"
        status=1
    fi
    # what stands for keys and addresses in the shared dumps
    if grep -qE 'x{12}|uuidx|0200000| 2: 0: 0: 0' "$work/one"; then
        echo "$name: a secret was shown: $(grep -E -m1 'x{12}|uuidx|0200000| 2: 0: 0: 0' "$work/one")"
        status=1
    fi
    [ "$sum" = "$(cksum <"$work/dump")" ] || { echo "$name: the dump was changed"; status=1; }
done
"$PLUGSMITH" emulate --for "$long" --experiment none --json "$work/dump" >"$work/two"
[ "$(jq -r .hash "$work/one")" = "$(jq -r .hash "$work/two")" ] || { echo "two runs differ"; status=1; }
xz -dc "$dumps/n-plug-bl0937-cb2s.bin.xz" >"$work/dump"
if "$PLUGSMITH" emulate --until 'never said' --for 100ms "$work/dump" >/dev/null 2>"$work/err"; then
    echo "a text that never came is a success"
    status=1
fi
grep -q "no line of the log holds 'never said'" "$work/err"
"$PLUGSMITH" emulate --until 'rl1_pin: is 26' "$work/dump" | grep -q 'rl1_pin: is 26' || {
    echo "n-plug-bl0937-cb2s: relay pin not logged"
    status=1
}
if [ "$long" = 4500 ]; then
    "$PLUGSMITH" inspect --no-text "$work/dump" 2>/dev/null | grep -q '6 of 6 pins right' || {
        echo "n-plug-bl0937-cb2s: not all pins were found without text"
        status=1
    }
fi
exit $status
