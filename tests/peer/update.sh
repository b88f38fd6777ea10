#!/bin/bash
# An update as clients do it, against real sockets: upload by curl, fetched from a real web server,
# and from servers that send too little, nothing, or something else.
set -eu
. tests/until.sh
for program in python3 curl; do
    command -v $program >/dev/null || { echo "SKIP: $program is not installed"; exit 77; }
done
folder=$(mktemp -d)
web=$((24000 + $$ % 4000)) # below the ports that the kernel hands out
port=$((web + 1))
plug=0 server=0
end() {
    exec 9>&- || true
    kill $plug $server 2>/dev/null || true
    wait 2>/dev/null || true
    rm -rf "$folder"
}
trap end EXIT
fail() { echo "FAIL: $1"; cat "$folder"/*.log; exit 1; }

cat >"$folder/server.py" <<'SERVER'
import hashlib, http.server, struct, sys, time, zlib
folder, port = sys.argv[1], int(sys.argv[2])
def image(version, content):
    head = b"PLUGSMI1" + struct.pack("<II", len(content), 0)
    head += b"BK7231N".ljust(16, b"\0") + version.ljust(32, b"\0") + hashlib.sha256(content).digest()
    head = head.ljust(252, b"\0")
    return head + struct.pack("<I", zlib.crc32(head)) + content
good = image(b"4.5.6", bytes(i * 13 % 251 for i in range(150000)))
bad = bytearray(good); bad[100000] ^= 1
open(folder + "/good.bin", "wb").write(good)
open(folder + "/bad.bin", "wb").write(bad)
class Handler(http.server.BaseHTTPRequestHandler):
    def log_message(self, *a): pass
    def do_GET(self):
        name = self.path[1:]
        if name in ("good", "bad"):
            data = good if name == "good" else bad
            self.send_response(200); self.send_header("Content-Length", str(len(data)))
            self.end_headers(); self.wfile.write(data)
        elif name == "short":
            self.send_response(200); self.send_header("Content-Length", str(len(good)))
            self.end_headers(); self.wfile.write(good[:50000])
        elif name == "silent":
            self.send_response(200); self.send_header("Content-Length", str(len(good)))
            self.end_headers(); self.wfile.write(good[:5000]); self.wfile.flush(); time.sleep(4)
        else:
            self.send_error(404)
server = http.server.ThreadingHTTPServer(("127.0.0.1", port), Handler)
print("ready", flush=True)
server.serve_forever()
SERVER
python3 "$folder/server.py" "$folder" $port >"$folder/server.log" 2>&1 &
server=$!
mkfifo "$folder/in"
"$PLUGSMITH" sim --http 127.0.0.1:$web --speed 8 <"$folder/in" >"$folder/plug.log" 2>&1 &
plug=$!
exec 9>"$folder/in"
until_said ready "$folder/server.log" || fail "the web server does not start"
until_true curl -sf -o /dev/null "http://127.0.0.1:$web/api/info" || fail "the plug does not answer"
state() { curl -s "http://127.0.0.1:$web/api/v2/update"; }
says() { state | grep -q "$1"; }
expect() { until_true says "$1" || fail "$(state) says not: $1"; } # WORDS
fetch() {
    curl -sf -o /dev/null -d "{\"url\":\"http://localhost:$port/$1\"}" \
        "http://127.0.0.1:$web/api/v2/update/fetch" || fail "fetching $1 does not begin"
}

answer=$(curl -s -w ' %{http_code}' --data-binary "@$folder/bad.bin" "http://127.0.0.1:$web/api/ota")
case $answer in *422) ;; *) fail "a damaged upload: $answer" ;; esac
fetch short && expect "connection broke"
fetch silent && expect "fell silent"
fetch nothing && expect "does not have it"
fetch bad && expect "does not match its checksum"
expect '"slot":0'
echo "damaged, short, silent and missing images are refused: ok"

answer=$(curl -s --data-binary "@$folder/good.bin" "http://127.0.0.1:$web/api/ota")
[ "$answer" = '{"size":150256}' ] || fail "upload: $answer"
curl -sf -o /dev/null -X POST -d '' "http://127.0.0.1:$web/api/reboot"
expect '"slot":1.*"version":"4.5.6"'
expect '"state":"idle"' # it has proven itself
echo "upload, restart, trial, confirmed: ok"

fetch good && expect '"slot":0.*"version":"4.5.6"'
echo "fetched by name from a web server and installed: ok"
