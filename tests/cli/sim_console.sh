#!/bin/sh
# plugsmith sim at a terminal: editing, history, keys that press the button, clear words for bad
# lines; Ctrl-C and end of input leave the terminal as it was.
set -eu
. tests/until.sh
command -v script >/dev/null || { echo "skip: there is no script(1)"; exit 77; }
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
fail() { echo "FAIL: $1"; cat "$dir/out"; exit 1; }
has() { grep -q -- "$1" "$dir/out" || fail "no line with: $1"; }

# Types each argument after a short pause, the first when the console says which keys there are;
# what the terminal shows, without its escapes, goes to out.
typed() {
    rm -f "$dir/raw"
    # shellcheck disable=SC2094 # what is being written is followed
    {
        until_said 'Ctrl-D quit' "$dir/raw"
        for keys in "$@"; do printf %b "$keys"; sleep 0.3; done
    } | script -qefc "stty -a >'$dir/before'; '$PLUGSMITH' sim --speed 5; stty -a >'$dir/after'" \
        /dev/null > "$dir/raw" || fail "exit code $?"
    sed 's/\x1b\[[0-9]*[KD]//g; s/\r/\n/g' "$dir/raw" > "$dir/out"
    cmp -s "$dir/before" "$dir/after" || fail "the terminal was not put back"
}

typed 'POWER ON\r' 'nosuch\r' '\033[A\033[A\177FF\r' ':foo\r' ':pin P99 1\r' '\003'
has 'channel 1: 0 -> 1'
has 'P26 Rel high'
has 'Unknown command'
has '^> POWER OFF'
has 'channel 1: 1 -> 0'
has 'there is no :foo'
has 'the BK7231N has no pin P99'

typed 'showg\t\r' 'SetPinRole 9 Btn_pd\t\t_n\r' 'setch\t1 7\025' ':st\t\r' '\003'
has '^> showgpi '
has '  Btn_pd  Btn_pd_n'
has '^> SetChannel1 7'
has 'P9 Btn_pd_n'

typed '\002' 'POW\033[D\033[3~\033[1~\033[FER ON\025help POWER\r' 'abc' '\003' '\004'
has 'P24 Btn low'
has 'switches a relay or the light'

# not a terminal: the same lines, no echo, ends with the input, the last line without its end
printf 'POWER ON\n:run 1s\n:state' | "$PLUGSMITH" sim > "$dir/out" || fail "exit code $?"
has 'channel 1: 0 -> 1'
has 'P26 Rel high, channel 1'
grep -q '^>' "$dir/out" && fail "a prompt in a pipe"
"$PLUGSMITH" sim < /dev/null > "$dir/out" || fail "exit code $?"
exit 0
