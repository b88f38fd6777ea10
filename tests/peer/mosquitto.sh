#!/bin/bash
# The virtual plug on a real broker: greeting, retained state, commands, discovery, last will, coming
# back after the broker was away, refusal of a wrong password, and a thousand plugs on one broker.
set -eu
for program in mosquitto mosquitto_sub mosquitto_pub mosquitto_passwd; do
    command -v $program >/dev/null || { echo "SKIP: $program is not installed"; exit 77; }
done
folder=$(mktemp -d)
port=$((24000 + $$ % 4000)) # below the ports that the kernel hands out
web=$((port + 1))
plug=0 broker=0
end() {
    exec 9>&- || true
    [ $plug = 0 ] || kill -9 $plug 2>/dev/null || true
    [ $broker = 0 ] || kill $broker 2>/dev/null || true
    wait 2>/dev/null || true
    rm -rf "$folder"
}
trap end EXIT
fail() { echo "FAIL: $1"; cat "$folder"/*.log; exit 1; }
ulimit -n 4096 2>/dev/null || true

printf 'listener %s 127.0.0.1\nallow_anonymous false\npassword_file %s/users\npersistence false\nsys_interval 1\nmax_queued_messages 100000\n' \
    $port "$folder" >"$folder/broker.conf"
mosquitto_passwd -b -c "$folder/users" me secret 2>/dev/null
chmod 644 "$folder/users"
[ "$(id -u)" != 0 ] || { echo "user root" >>"$folder/broker.conf"; }
broker_start() {
    mosquitto -c "$folder/broker.conf" >>"$folder/broker.log" 2>&1 &
    broker=$!
    for _ in $(seq 50); do
        mosquitto_pub -p $port -u me -P secret -t hello -n 2>/dev/null && return
        sleep 0.1
    done
    fail "the broker does not start"
}
sub() { mosquitto_sub -p $port -u me -P secret "$@"; }
pub() { mosquitto_pub -p $port -u me -P secret "$@"; }
# await TOPIC TEXT SECONDS: a message of that topic (retained ones too) that holds the text
await() {
    local listener seen="$folder/await.$BASHPID"
    : >"$seen"
    mosquitto_sub -p $port -u me -P secret -t "$1" -W "$3" >"$seen" 2>/dev/null &
    listener=$!
    for _ in $(seq $(($3 * 10))); do
        grep -q -- "$2" "$seen" && break
        sleep 0.1
    done
    kill $listener 2>/dev/null || true
    wait $listener 2>/dev/null || true
    grep -q -- "$2" "$seen" || fail "no '$2' on $1 within $3 s"
}
plug_start() { # arguments: more settings
    mkfifo "$folder/in.$1"
    "$PLUGSMITH" sim --http 127.0.0.1:$web --set mqtt_host=localhost --set mqtt_port=$port \
        --set mqtt_client=kettle --set mqtt_group=all --set name_short=kettle --set name_long=Kettle \
        --set mqtt_user=me --set mqtt_pass="$2" --set 'P9=Rel;1' --set ha_discovery=0 \
        <"$folder/in.$1" >"$folder/plug.log" 2>&1 &
    plug=$!
    exec 9>"$folder/in.$1"
}

broker_start
plug_start 1 wrong
for _ in $(seq 80); do
    grep -q "refused user name or password" "$folder/plug.log" && break
    sleep 0.1
done
grep -q "refused user name or password" "$folder/plug.log" || fail "a wrong password is not reported"
echo ":quit" >&9
wait $plug || true

plug_start 2 secret
await kettle/connected online 10
echo "greeting and retained online: ok"

(sub -t 'kettle/1/get' -W 6 >"$folder/state.txt") &
watcher=$!
sleep 0.4
pub -t kettle/1/set -m 1
pub -t cmnd/all/POWER -m off
pub -t kettle/1/set -m toggle
await stat/kettle/RESULT POWER 6 &
answer=$!
sleep 0.4
pub -t cmnd/kettle/POWER -m TOGGLE
wait $answer || fail "no answer to a command"
wait $watcher || true
[ "$(tr '\n' ' ' <"$folder/state.txt")" = "1 0 1 0 " ] || fail "states: $(cat "$folder/state.txt")"
echo "set, group, command, answer: ok"

pub -t cmnd/kettle/scheduleHADiscovery -m 1
await homeassistant/device/Kettle/config '"cmps":{' 8
sub -t homeassistant/device/Kettle/config -C 1 -W 3 >"$folder/device.json"
python3 - "$folder/device.json" <<'CHECK' || fail "the device message is not what it should be"
import json, sys
message = json.load(open(sys.argv[1]))
assert message["avty_t"] == "kettle/connected", message
assert message["cmps"]["relay_1"]["cmd_t"] == "kettle/1/set", message
assert message["o"]["name"] and message["dev"]["ids"] == ["Kettle"], message
CHECK
echo "discovery is retained: ok"

kill $broker
wait $broker 2>/dev/null || true
sleep 2
before=$(date +%s%N)
broker_start
await kettle/connected online 10
echo "back $((($(date +%s%N) - before) / 1000000)) ms after the broker: ok"

kill -9 $plug
wait $plug 2>/dev/null || true
await kettle/connected offline 5
echo "last will: ok"

"$PLUGSMITH" sim --count 1000 --net 127.77.0.0/16 --set mqtt_host=127.0.0.1 --set mqtt_port=$port \
    --set mqtt_user=me --set mqtt_pass=secret --for 40 >"$folder/fleet.log" 2>&1 &
plug=$!
most=0
for _ in $(seq 35); do
    now=$(sub -t '$SYS/broker/clients/connected' -C 1 -W 2 2>/dev/null || echo 0)
    [ "$now" -gt "$most" ] && most=$now
    [ "$most" -ge 1000 ] && break
    sleep 0.5
done
[ "$most" -ge 1000 ] || fail "only $most of 1000 plugs are connected"
echo "1000 plugs on one broker: ok"
