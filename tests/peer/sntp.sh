#!/bin/bash
# The virtual plug's clock from a time server on a real socket; the first server is silent.
set -eu
. tests/until.sh
command -v python3 >/dev/null || { echo "SKIP: no python3"; exit 77; }
folder=$(mktemp -d)
web=$((28000 + $$ % 4000)) # below the ports that the kernel hands out
cat >"$folder/server.py" <<'SERVER'
import socket, struct, sys
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
try:
    s.bind(("127.0.0.78", 123))
except OSError as e:
    print("no", e, flush=True)
    sys.exit(0)
print("ready", flush=True)
while True:
    data, peer = s.recvfrom(512)
    stamp = struct.pack(">II", 1767225600 + 2208988800, 0)
    s.sendto(bytes([0x24, 2, 0, 0]) + bytes(20) + data[40:48] + stamp + stamp, peer)
SERVER
python3 "$folder/server.py" >"$folder/server.log" 2>&1 &
server=$! plug=0
trap 'exec 9>&- || true; kill $server $plug 2>/dev/null || true; wait 2>/dev/null || true; rm -rf "$folder"' EXIT
until_there "$folder/server.log" || true
grep -q ready "$folder/server.log" || { echo "SKIP: port 123 of 127.0.0.78 is not ours"; exit 77; }
mkfifo "$folder/in"
"$PLUGSMITH" sim --http 127.0.0.1:$web --set ntp_server=127.0.0.77 --set ntp_server2=127.0.0.78 \
    <"$folder/in" >"$folder/plug.log" 2>&1 &
plug=$!
exec 9>"$folder/in"
echo "startDriver NTP" >&9
is_set() { echo "ntp_info" >&9 && grep -q "UTC 17672256" "$folder/plug.log"; }
until_true is_set || { cat "$folder/plug.log"; echo "FAIL: the clock was not set"; exit 1; }
echo "clock set by the second server: ok"
