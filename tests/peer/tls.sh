#!/bin/bash
# MQTT over TLS against a real Mosquitto with certificates made here: nothing is believed without
# the right authority, name and date; what is wrong is said in words; a command goes through.
set -eu
. tests/until.sh
for program in mosquitto mosquitto_sub mosquitto_pub openssl curl; do
    command -v $program >/dev/null || { echo "SKIP: $program is not installed"; exit 77; }
done
folder=$(mktemp -d)
port=$((24000 + $$ % 4000))
web=$((port + 1))
plug=0 broker=0
end() {
    exec 9>&- || true
    [ $plug = 0 ] || kill $plug 2>/dev/null || true
    [ $broker = 0 ] || kill $broker 2>/dev/null || true
    wait 2>/dev/null || true
    rm -rf "$folder"
}
trap end EXIT
fail() { echo "FAIL: $1"; cat "$folder"/*.log; exit 1; }

make_authority() { # NAME
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 \
        -subj "/CN=$1" -keyout "$folder/$1.key" -out "$folder/$1.pem" 2>/dev/null
}
make_broker() { # NAME SAN DAYS: signed by the authority "home"
    openssl req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj "/CN=broker" \
        -keyout "$folder/$1.key" -out "$folder/$1.csr" 2>/dev/null
    printf 'subjectAltName=%s\n' "$2" >"$folder/$1.ext"
    openssl x509 -req -in "$folder/$1.csr" -CA "$folder/home.pem" -CAkey "$folder/home.key" \
        -CAcreateserial -days "$3" -extfile "$folder/$1.ext" -out "$folder/$1.pem" 2>/dev/null
}
make_authority home
make_authority other
make_broker good DNS:localhost,IP:127.0.0.1 2
make_broker wrong DNS:elsewhere.example 2
make_broker old DNS:localhost,IP:127.0.0.1 -1
chmod 644 "$folder"/*.key

broker_start() { # certificate
    [ $broker = 0 ] || { kill $broker; wait $broker 2>/dev/null || true; }
    printf 'listener %s 127.0.0.1\nallow_anonymous true\ncertfile %s\nkeyfile %s\ncafile %s\nlistener %s 127.0.0.1\n' \
        $port "$folder/$1.pem" "$folder/$1.key" "$folder/home.pem" $((port + 2)) >"$folder/broker.conf"
    [ "$(id -u)" != 0 ] || echo "user root" >>"$folder/broker.conf"
    mosquitto -c "$folder/broker.conf" >>"$folder/broker.log" 2>&1 &
    broker=$!
}
said() { tail -n "+$mark" "$folder/plug.log" | grep -q "$1"; }
seen() { until_true said "$1" || fail "not said: $1"; } # TEXT: in the plug's log after the last mark
set_value() { # JSON of settings: from now on what is said counts
    mark=$(($(wc -l <"$folder/plug.log") + 1))
    curl -sf -o /dev/null -X POST -d "$1" "http://127.0.0.1:$web/api/v2/settings" || fail "settings"
}

broker_start good
mkfifo "$folder/in"
mark=1
"$PLUGSMITH" sim --http 127.0.0.1:$web --set mqtt_host=127.0.0.1 --set mqtt_port=$port \
    --set mqtt_tls=1 --set mqtt_verify=1 --set mqtt_cert=ca.pem --set mqtt_client=kettle \
    --set 'P9=Rel;1' <"$folder/in" >"$folder/plug.log" 2>&1 &
plug=$!
exec 9>"$folder/in"
seen "the file named by mqtt_cert is missing"
curl -sf -o /dev/null --data-binary "@$folder/other.pem" "http://127.0.0.1:$web/api/lfs/ca.pem"
seen "not signed by the one in the settings"
echo "an unknown authority is refused: ok"

curl -sf -o /dev/null --data-binary "@$folder/home.pem" "http://127.0.0.1:$web/api/lfs/ca.pem"
seen "connected to 127.0.0.1"
stdbuf -oL mosquitto_sub -p $((port + 2)) -t 'stat/kettle/RESULT' -C 1 -W 90 -d >"$folder/answer.txt" &
answer=$!
until_said '^Subscribed' "$folder/answer.txt" || fail "the broker takes no subscription"
mosquitto_pub -p $((port + 2)) -t cmnd/kettle/POWER -m ON
wait $answer || fail "no answer through TLS"
grep -q '"POWER":"ON"' "$folder/answer.txt" || fail "answer: $(cat "$folder/answer.txt")"
echo "certificate for the address, command and answer: ok"

set_value '{"mqtt_host":"localhost"}'
seen "connected to localhost"
echo "certificate for the name: ok"

broker_start wrong
mark=$(($(wc -l <"$folder/plug.log") + 1))
seen "for another name"
broker_start old
seen "has expired"
echo "wrong name and expired certificate are refused: ok"

set_value '{"mqtt_verify":0}'
seen "connected to localhost"
echo "without verifying it connects: ok"

set_value "{\"mqtt_port\":$((port + 2)),\"mqtt_verify\":1}"
seen "TLS: the other end"
set_value '{"mqtt_tls":0}'
seen "connected to localhost"
echo "a broker without TLS is told from one with: ok"
