#!/bin/sh
# plugsmith script: findings with file, line and column; a timeline in virtual time.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
fail() { echo "FAIL: $1"; cat "$dir/out"; exit 1; }
has() { grep -q -- "$1" "$dir/out" || fail "no line with: $1"; }

cat > "$dir/bad.bat" <<'SCRIPT'
SetChanelType 8 Toggle
setPinRole 26 Relais
setPinRole 99 Rel
setChannelType 3 Togle
[inContentAd]
addEventHandler OnKlick 8 POWER TOGGLE
addEventHandler Channel5 1 POWER OFF
addChangeHandler OnClick == 1 POWER OFF
addRepeatingEvent 1 0 echo never
addClockEvent 12:00:00 0 1 echo never
if $CH33>1 then setChannel 4 1
if $poweer>1 then setChannel 4 1
alias again again
loop:
addChannel 4 1
goto loop
SCRIPT
code=0; "$PLUGSMITH" script check "$dir/bad.bat" > "$dir/out" || code=$?
[ $code = 1 ] || fail "exit code $code, expected 1"
has 'bad.bat:1:1: unknown command `SetChanelType`, did you mean `SetChannelType`?'
has 'bad.bat:2:15: there is no pin role `Relais`'
has 'bad.bat:3:12: the BK7231N has no pin `99`'
has 'bad.bat:4:18: there is no channel type `Togle`, did you mean `Toggle`?'
has 'bad.bat:5:1: unknown command `\[inContentAd\]`'
has 'bad.bat:6:17: there is no event `OnKlick`, did you mean `OnClick`?'
has 'bad.bat:7:17: can never run'
has 'bad.bat:8:18: can never run'
has 'bad.bat:9:1: can never run: 0 times'
has 'bad.bat:10:1: can never run: no day'
has 'bad.bat:11:4: channel 33 is read, but nothing sets it'
has 'bad.bat:12:4: unknown constant'
has 'bad.bat:13:7: endless'
has 'bad.bat:16:6: endless'

cat > "$dir/good.bat" <<'SCRIPT'
// the relay goes off after ten seconds
again:
waitFor Channel1 1
delay_s 10
POWER OFF
goto again
SCRIPT
"$PLUGSMITH" script check "$dir/good.bat" > "$dir/out" || fail "a good script was refused"
has 'nothing to object to'

"$PLUGSMITH" script run "$dir/good.bat" --press P24@1m --for 2m > "$dir/out" || fail "run"
has '0:01:00.*channel 1: 0 -> 1'
has '0:01:10.*channel 1: 1 -> 0'

cat > "$dir/load.bat" <<'SCRIPT'
addChangeHandler Channel1 == 1 addRepeatingEventID 1 -1 1 low
alias low if $power<7 then AddChannel 14 1 else SetChannel 14 0
alias low2 backlog AddChannel 14 1; if $CH14>=60 then POWER OFF
SCRIPT
code=0; "$PLUGSMITH" script check "$dir/load.bat" > "$dir/out" || code=$?
[ $code = 1 ] || fail "else without quotes was accepted"
has 'load.bat:2:.*with `else`, both commands need quotes'
sed -i 's/^alias low .*/alias low if $power<7 then low2 else "SetChannel 14 0"/' "$dir/load.bat"
"$PLUGSMITH" script run "$dir/load.bat" --load "0m 60W; 5m 3W" --press P24@1m --for 10m > "$dir/out"
has '0:06:0.*channel 1: 1 -> 0'

code=0; "$PLUGSMITH" script run "$dir/good.bat" --press P24 > "$dir/out" 2>&1 || code=$?
[ $code = 2 ] || fail "a press without time was accepted"
code=0; "$PLUGSMITH" script run "$dir/good.bat" --for never > "$dir/out" 2>&1 || code=$?
[ $code = 2 ] || fail "--for never was accepted"
head -c 1048576 /dev/zero | tr '\0' '\n' > "$dir/huge.bat"
code=0; "$PLUGSMITH" script check "$dir/huge.bat" > "$dir/out" 2>&1 || code=$?
[ $code = 1 ] || fail "a mebibyte was accepted"
has 'up to 32768 bytes'

# sixty handlers and sixty aliases have room
for i in $(seq 0 59); do
    echo "addChangeHandler Channel$i == 1 backlog setChannel 60 $i; addChannel 61 1 0 10"
    echo "alias toggle_$i if \$CH$i==1 then \"setChannel $i 0\" else \"setChannel $i 1\""
done > "$dir/long.bat"
"$PLUGSMITH" script check "$dir/long.bat" > "$dir/out" || fail "a long script was refused"

# the script of the README
"$PLUGSMITH" script check docs/guide/demo/charger.bat > "$dir/out" || fail "the demo was refused"
"$PLUGSMITH" script run docs/guide/demo/charger.bat --load "0m 60W; 20m 3W" --press P24@30s \
    --for 1h > "$dir/out"
has '0:35:00.60  channel 14: 1 -> 899, 898 steps'
has '0:35:00.60  P26 Rel low'
while read -r line; do
    grep -qF -- "$line" README.md || fail "README does not show: $line"
done < "$dir/out"
