#!/bin/bash
# The virtual plug on a real broker: greeting, retained state, commands, discovery, last will, coming
# back after the broker was away, refusal of a wrong password, and a thousand plugs on one broker.
set -eu
. tests/until.sh
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
    until_true pub -t hello -n 2>/dev/null || fail "the broker does not start"
}
sub() { mosquitto_sub -p $port -u me -P secret "$@"; }
pub() { mosquitto_pub -p $port -u me -P secret "$@"; }
# listen FILE TOPIC: what comes on that topic goes to the file; ready when the broker has said so
listener=0
listen() {
    : >"$1"
    stdbuf -oL mosquitto_sub -p $port -u me -P secret -t "$2" -d >"$1" 2>/dev/null &
    listener=$!
    until_said '^Subscribed' "$1" || fail "the broker takes no subscription"
}
deafen() {
    kill $listener 2>/dev/null || true
    wait $listener 2>/dev/null || true
}
# await TOPIC TEXT: a message of that topic (retained ones too) that holds the text
await() {
    listen "$folder/await" "$1"
    until_said "$2" "$folder/await" || fail "no '$2' on $1"
    deafen
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
until_said "refused user name or password" "$folder/plug.log" || fail "a wrong password is not reported"
echo ":quit" >&9
wait $plug || true

plug_start 2 secret
await kettle/connected online
echo "greeting and retained online: ok"

listen "$folder/state.txt" kettle/1/get
states() { grep -v '^Client\|^Subscribed' "$folder/state.txt" | tr '\n' ' '; }
states_are() { [ "$(states)" = "$1" ]; }
states_become() { until_true states_are "$1" || fail "states: $(states), not $1"; }
pub -t kettle/1/set -m 1
states_become "1 "
pub -t cmnd/all/POWER -m off
states_become "1 0 "
pub -t kettle/1/set -m toggle
states_become "1 0 1 "
watcher=$listener
listen "$folder/answer" stat/kettle/RESULT
pub -t cmnd/kettle/POWER -m TOGGLE
until_said POWER "$folder/answer" || fail "no answer to a command"
deafen
listener=$watcher
states_become "1 0 1 0 "
deafen
echo "set, group, command, answer: ok"

pub -t cmnd/kettle/scheduleHADiscovery -m 1
await homeassistant/device/Kettle/config '"cmps":{'
sub -t homeassistant/device/Kettle/config -C 1 -W 90 >"$folder/device.json"
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
await kettle/connected online
echo "back $((($(date +%s%N) - before) / 1000000)) ms after the broker: ok"

kill -9 $plug
wait $plug 2>/dev/null || true
await kettle/connected offline
echo "last will: ok"

"$PLUGSMITH" sim --count 1000 --net 127.77.0.0/16 --set mqtt_host=127.0.0.1 --set mqtt_port=$port \
    --set mqtt_user=me --set mqtt_pass=secret --for 120 >"$folder/fleet.log" 2>&1 &
plug=$!
connected() { sub -t '$SYS/broker/clients/connected' -C 1 -W 2 2>/dev/null || echo 0; }
all_here() { [ "$(connected)" -ge 1000 ]; }
until_true all_here || fail "only $(connected) of 1000 plugs are connected"
echo "1000 plugs on one broker: ok"
