#!/bin/sh
# plugsmith sim as a user runs it: exit codes of scenarios, the console, templates, many plugs.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
fail() { echo "FAIL: $1"; exit 1; }
scenario() { printf 'scenario-format 1\nscenario "t"\n%s\n' "$1" >"$work/t.txt"; }
code() { set +e; "$PLUGSMITH" sim --scenario "$work/t.txt" >"$work/out" 2>"$work/err"; echo $?; set -e; }

scenario 'expect 1 + 1 == 2 && !(2 < 1)   # arithmetic'
[ "$(code)" = 0 ] || fail "a good scenario must exit with 0"
grep -q '^RESULT t checks=1 fails=0 unsupported=0$' "$work/out" || fail "result line"
scenario 'expect-channel 1 5'
[ "$(code)" = 1 ] || fail "a failed expectation must exit with 1"
grep -q ':3: FAIL expect-channel: expected 5, got 0$' "$work/err" || fail "failure line"
scenario 'nonsense 1'
[ "$(code)" = 2 ] || fail "an unknown operation must exit with 2"
scenario 'expect text_len("open) == 1'
[ "$(code)" = 2 ] || fail "an open quote must exit with 2"
scenario 'dgr-brightness "g" 5'
[ "$(code)" = 3 ] || fail "an operation of a later room must exit with 3"
grep -q 'dgr-brightness' "$work/err" || fail "it must be named"
printf 'hello\n' >"$work/t.txt"
[ "$(code)" = 2 ] || fail "no scenario must exit with 2"
scenario 'expect text_len("a\x00b\n\"") == 5
let a = 0x10 * 2 + channel(1)
when @a expect @a == 32
when !@a expect 0'
[ "$(code)" = 0 ] || fail "texts, let and when: $(cat "$work/err")"

cat >"$work/plug.json" <<'END'
{"vendor": "test", "chip": "BK7231N", "flags": "1024",
 "pins": {"24": "Btn;1", "26": "Rel;1", "8": "WifiLED_n;0"}}
END
printf ':press\n:run 1s\n:state\n:power\n:state\n' |
    "$PLUGSMITH" sim --template "$work/plug.json" --load "0m 60W" >"$work/out"
grep -q 'P26 Rel high' "$work/out" || fail "the button must switch the relay: $(cat "$work/out")"
grep -q '60.00 W' "$work/out" || fail "the meter must see the load"
"$PLUGSMITH" sim --set nosuch=1 </dev/null 2>"$work/err" && fail "an unknown setting must be refused"
grep -q 'unknown setting "nosuch"' "$work/err" || fail "and named"
"$PLUGSMITH" sim --count 200 --for 1 | grep -q '200 plugs for 1 s' || fail "many plugs"
echo "sim: exit codes, console, template, many plugs"
