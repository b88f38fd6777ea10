#!/bin/sh
# A metering plug moves house: the dump of its stock firmware tells the factory's calibration and
# the protection thresholds, and a plug made from it has both.
set -eu
dump=${DUMPS:-../shared/data/dumps}/n-plug-bl0937-cb2s.bin.xz
if [ ! -f "$dump" ]; then
    echo "skipped: no real dump at $dump"
    exit 77
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
xz -dc "$dump" >"$work/plug.bin"
"$PLUGSMITH" inspect "$work/plug.bin" | grep -q 'MeterFactors 0.119020 0.0111610 1.32106'
printf 'MeterFactors\nProtection\n:quit\n' | "$PLUGSMITH" sim --config "$work/plug.bin" >"$work/said"
grep -q 'MeterFactors 0.119020000 0.011161024 1.321056008' "$work/said"
grep -q 'current 17.00 A 200 ms; power off; overvoltage 265.00 V 1000 ms; undervoltage 90.00 V' "$work/said"
"$PLUGSMITH" inspect --template obk "$work/plug.bin" >"$work/plug.json" 2>"$work/notes"
grep -q '"calibration": \[0.119020000, 0.011161024, 1.321056008\]' "$work/plug.json"
printf 'MeterFactors\n:quit\n' | "$PLUGSMITH" sim --template "$work/plug.json" >"$work/said"
grep -q 'MeterFactors 0.119020000 0.011161024 1.321056008' "$work/said"
echo "factors and thresholds of the stock firmware were taken over"
