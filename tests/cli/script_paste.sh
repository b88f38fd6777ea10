#!/bin/sh
# plugsmith script check: what comes along when a script is pasted, endless loops, handlers that
# can never run, what a chip lacks. One script a case, with the one line that must be printed.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
fail() { echo "FAIL: $1"; cat out; exit 1; }

# expect SCRIPT LINE...: exactly these lines are found
expect() {
    printf %b "$1" > s.bat
    shift
    "$PLUGSMITH" script check s.bat ${chip:+--chip "$chip"} > out && fail "nothing was found"
    grep '^s.bat' out > found
    printf 's.bat:%s\n' "$@" > wanted
    cmp -s found wanted || { echo wanted:; cat wanted; fail "other findings"; }
}
# fine SCRIPT: nothing is found
fine() {
    printf %b "$1" > s.bat
    "$PLUGSMITH" script check s.bat > out || fail "a good script was refused"
}
chip=

# quotes, dashes, blanks, HTML
expect 'SetChannelLabel 1 \342\200\234Power\n' \
    '1:19: a curly quote, a plug knows only the straight one: "'
expect 'SetChannel 1 \342\200\2235\n' '1:14: a dash, a plug knows only the minus sign: -'
expect 'SetChannel 1\302\240 5\n' \
    '1:13: a blank that does not break: replace it by an ordinary one'
expect 'echo a &gt; b\n' '1:8: HTML: write > for `&gt;`'
expect 'echo a\nSetChannel 1 1<br\n' '2:15: HTML: a new line was meant by `<br`'
expect '\357\273\277// a byte order mark\nSetChannel 1 1\n' \
    '1:1: unknown command `'"$(printf '\357\273\277')"'//`' \
    '1:1: a byte order mark: the file must begin with its first letter'

# ; and lines
expect 'SetChannel 1 1; SetChannel 2 1\n' \
    '1:15: `;` separates commands only behind `backlog`: write it in front, or begin a new line'
expect 'alias a POWER ON; POWER OFF\n' \
    '1:17: `;` separates commands only behind `backlog`: write it in front, or begin a new line'
expect 'SetChannel 1 1;\n' '1:15: a `;` at the end belongs to the last argument: leave it out'
expect 'backlog\n' \
    '1:1: `backlog` alone does nothing: its commands stand in the same line, with `;` between them'
expect 'SetChannel 1 1\rSetChannel 2 1\r' \
    '1:15: a carriage return alone ends no line: a plug takes all of this for one line'
fine 'backlog SetChannel 1 1; SetChannel 2 1;\n\tSetChannel\t3\t1\r\nSetChannelLabel 1 "a;b"\r\n'

# = and ==
expect 'SetChannel 1 1\nif "$CH1 = 1" then POWER OFF\n' \
    '2:5: unknown constant, counts as 0: `$CH1 = 1`' '2:10: `=` compares nothing: write =='
expect 'addChangeHandler Channel1 = 1 POWER OFF\n' \
    '1:27: expected one of == != < > <= >=, got `=`'
expect 'waitFor Channel1 == 1\n' '1:18: waitFor knows no == and waits for 0: leave it out: `==`'
expect 'waitFor Channel1 <= 1\n' '1:18: waitFor reads only the first sign of `<=`'
fine 'SetChannel 1 1\nif $CH1>=1 then POWER OFF\nif $CH1!=1 then POWER OFF\n'

# endless in one tick
expect 'alias ping pong\nalias pong ping\n' \
    '1:7: endless: alias `ping` ends up where it began, in the same tick' \
    '2:7: endless: alias `pong` ends up where it began, in the same tick'
expect 'alias a backlog AddChannel 2 1; b\nalias b if 1 then c\nalias c backlog a; POWER ON\n' \
    '1:7: endless: alias `a` ends up where it began, in the same tick' \
    '2:7: endless: alias `b` ends up where it began, in the same tick' \
    '3:7: endless: alias `c` ends up where it began, in the same tick'
expect 'addChangeHandler Channel2 != 0 SetChannel 2 0\naddChangeHandler Channel2 == 0 SetChannel 2 1\n' \
    '1:18: endless: the handler of `Channel2` ends up where it began, in the same tick' \
    '2:18: endless: the handler of `Channel2` ends up where it began, in the same tick'
expect 'addEventHandler OnChannelChange 3 AddChannel 4 1\naddEventHandler OnChannelChange 4 AddChannel 3 1\n' \
    '1:17: endless: the handler of `OnChannelChange` ends up where it began, in the same tick' \
    '2:17: endless: the handler of `OnChannelChange` ends up where it began, in the same tick'
fine 'alias later backlog delay_s 1; later\naddChangeHandler Channel2 == 1 SetChannel 3 1\naddChangeHandler Channel3 == 1 SetChannel 2 0\n'

# handlers that can never run
expect 'SetChannelType 2 Toggle\naddChangeHandler Channel2 == 2 POWER OFF\n' \
    '2:18: can never run: channel 2, a Toggle, goes from 0 to 1, where this never begins to be true'
expect 'addChangeHandler Channel2 >= 0 POWER OFF\nSetChannelType 2 Dimmer\n' \
    '1:18: can never run: channel 2, a Dimmer, goes from 0 to 100, where this never begins to be true'
expect 'addChangeHandler Channel2 > 2147483647 POWER OFF\n' \
    '1:18: can never run: no number begins to meet this'
expect 'addEventHandler MQTTState 2 POWER OFF\n' \
    '1:27: can never run: this event comes with 0 to 1, not with `2`'
expect 'addEventHandler OnClick 77 POWER OFF\n' '1:25: the BK7231N has no pin `77`'
fine 'SetChannelType 2 Toggle\nSetChannel 2 2\naddChangeHandler Channel2 == 2 POWER OFF\n'

# what a chip lacks
chip=bl602
expect 'logport 1\n' \
    '1:1: OpenBeken on the BL602 may lack this, only Beken chips and the LN882H can choose the port of the log: `logport`'
expect 'if $rebootReason==2 then POWER OFF\n' \
    '1:4: OpenBeken on the BL602 may lack this, only Beken chips tell why they restarted: `$rebootReason`'
expect 'SetPinRole 26 Rel\n' '1:12: the BL602 has no pin `26`'
chip=
fine 'logport 1\nif $rebootReason==2 then POWER OFF\n'

"$PLUGSMITH" script missing --chip bl602 > out || fail "script missing"
grep -q '^  logport  *only Beken' out || fail "logport is not listed"
grep -q '^  linkTuyaMCUOutputToChannel  *it comes with' out || fail "TuyaMCU is not listed"
grep -q '^  pins  *24' out || fail "no word about pins"
"$PLUGSMITH" script missing --chip bk7231t > out || fail "script missing"
grep -q 'logport' out && fail "the BK7231T has logport"
exit 0
