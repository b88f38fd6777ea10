#!/bin/sh
# UART1 of a booted TuyaMCU module: its heartbeat reaches a program on a pty and one on TCP, what
# they answer reaches the firmware, hex shows both, and a model in place of the microcontroller
# brings it past the heartbeat.
set -eu
. tests/until.sh
dumps=../shared/data/dumps
[ -d "$dumps" ] || { echo "skip: $dumps is absent"; exit 77; }
command -v socat >/dev/null || { echo "skip: socat is absent"; exit 77; }
work=$(mktemp -d)
pid='' ear=''
finish() {
    for process in $pid $ear; do kill "$process" 2>/dev/null || true; done
    rm -rf "$work"
}
trap finish EXIT
fail() { echo "emulate_uart1.sh: $1"; cat "$work/out" "$work/err" 2>/dev/null; exit 1; }

xz -dc "$dumps/n-temphum-mcu.bin.xz" >"$work/dump"

serve() { # arguments of emulate; waits until the port is there
    "$PLUGSMITH" emulate --events "$@" "$work/dump" >"$work/out" 2>"$work/err" &
    pid=$!
    until_said '^UART1 is ' "$work/err" || fail "no port from: $*"
    where=$(sed -n 's/^UART1 is //p' "$work/err")
}
stop() {
    kill -INT "$pid"
    wait "$pid" || fail "Ctrl-C gave exit code $?"
    pid=
}
heard_frame() { od -An -tx1 -v "$work/heard" | tr -d ' \n' | grep -q '55aa00'; }
# what the guest was given, in however many pieces it came
got_answer() {
    sed -n 's/.*UART1 gets *//p' "$work/out" | tr -s '\n ' ' ' | grep -q '55 AA 00 01 00 00 00'
}
hear() { # socat address: says the answer to a product query, keeps what the guest sends
    mkfifo "$work/say"
    socat - "$1" <"$work/say" >"$work/heard" 2>/dev/null &
    ear=$!
    exec 9>"$work/say"
    until_true heard_frame || fail "$1: no frame was heard"
    printf '\125\252\000\001\000\000\000' >&9
    until_true got_answer || fail "$1: the guest got no answer"
    exec 9>&-
    kill "$ear" 2>/dev/null || true
    wait "$ear" 2>/dev/null || true
    rm "$work/say"
}

serve --uart1 pty --link "$work/port"
[ "$where" = "$work/port" ] || fail "the link is not what was asked for"
hear "FILE:$work/port,raw,echo=0"
stop
[ ! -e "$work/port" ] || fail "the link to the pty was left behind"
grep -q '^Booted as bk7231n' "$work/out" || fail "no summary at the end"

serve --uart1 tcp:127.0.0.1:0
hear "TCP:${where#tcp:}"
stop

"$PLUGSMITH" emulate --uart1 hex --for 3000 --experiment none "$work/dump" >"$work/out"
grep -q 'UART1 sends 55 AA' "$work/out" || fail "hex shows no frame"
"$PLUGSMITH" emulate --uart1 tuyamcu --for 3000 --experiment none --events "$work/dump" >"$work/out"
grep -q 'UART1 gets  55 AA 03' "$work/out" || fail "the model does not answer"

# firmware that was set up for a product refuses any other, and then is started over with that one
for name in n-evcharger-mcu-os3 n-thermostat-mcu-os3; do
    xz -dc "$dumps/$name.bin.xz" >"$work/dump"
    "$PLUGSMITH" emulate --uart1 tuyamcu --for 4500ms --until success_proc "$work/dump" >"$work/out"
    grep -q 'started over with a microcontroller' "$work/out" || fail "$name: not started over"
    grep -q 'enter success_proc' "$work/out" || fail "$name: the product is refused"
done

code=0
"$PLUGSMITH" emulate --uart1 bluetooth "$work/dump" >"$work/out" 2>"$work/err" || code=$?
[ "$code" -eq 2 ] || fail "an unknown wiring gave exit code $code"
[ "$(wc -l <"$work/err")" -eq 1 ] || fail "not one line"
