#!/bin/bash
# Existing clients, request by request, as they behave on the wire: the LAN scanner of the desktop
# flasher (every address, STATUS 0, /api/info, flash in pieces), the OpenBeken web application
# (state, pins, files saved, firmware, restart, files brought back), Tasmota tools and HTTP/1.0.
set -eu
command -v python3 >/dev/null || { echo "SKIP: no python3"; exit 77; }
folder=$(mktemp -d)
port=$((24000 + $$ % 4000)) # below the ports that the kernel hands out
plug=0 fleet=0
trap 'exec 9>&- || true; kill $plug $fleet 2>/dev/null || true; wait 2>/dev/null || true; rm -rf "$folder"' EXIT
mkfifo "$folder/in"
"$PLUGSMITH" sim --http 127.0.0.1:$port --speed 4 --set 'P9=Rel;1' --set name_short=kettle \
    <"$folder/in" >"$folder/plug.log" 2>&1 &
plug=$!
exec 9>"$folder/in"
"$PLUGSMITH" sim --count 12 --net 127.88.0.0/24 --for 600 >"$folder/fleet.log" 2>&1 &
fleet=$!
cat >"$folder/clients.py" <<'CLIENTS'
import concurrent.futures, hashlib, http.client, json, re, socket, struct, sys, time, zlib
port = int(sys.argv[1])

def request(method, path, body=None, host="127.0.0.1", at=None, headers={}):
    c = http.client.HTTPConnection(host, at or port, timeout=90)
    c.request(method, path, body, headers)
    r = c.getresponse()
    data = r.read()
    c.close()
    return r.status, data

def get(path, **more):
    status, data = request("GET", path, **more)
    assert status == 200, (path, status, data)
    return data

def ready():
    for _ in range(900):
        try:
            return json.loads(get("/api/info"))
        except OSError:
            time.sleep(0.1)
    raise SystemExit("FAIL: the plug does not answer")

def scan(host, at):
    """As the flasher's scanner does: cut behind the last brace, mend floats, then the keys."""
    try:
        text = get("/cm?user=admin&password=&cmnd=STATUS%200", host=host, at=at).decode()
    except OSError:
        return None
    text = text[:text.rindex("}") + 1].replace("0.,", "0.0,").replace("0.}", "0.0}")
    status = json.loads(text)
    assert status["StatusFWR"]["SDK"].lower() == "obk", status
    assert status["Status"]["Topic"] and status["Status"]["DeviceName"] and status["StatusNET"]["Mac"]
    powers = [k for k in status["StatusSTS"] if k.startswith("POWER")]
    info = json.loads(get("/api/info", host=host, at=at))
    assert info["build"].split(" ")[-1] and isinstance(info["flags"], str), info
    return info["shortName"], len(powers)

def scanner():
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda i: scan(f"127.88.0.{i}", 80), range(1, 31)))
        if not any(found):
            found = list(pool.map(lambda i: scan(f"127.88.0.{i}", 8080), range(1, 31)))
    names = {f[0] for f in found if f}
    assert len(names) == 12, names
    start, length = 0x1D0000, 0x4000
    pieces = [get(f"/api/flash/{a:X}-{4096:X}") for a in range(start, start + length, 4096)]
    assert all(len(p) == 4096 for p in pieces)
    print("LAN scanner: 12 of 12 found, flash in exact pieces: ok")

def web_application():
    page = get("/app").decode()
    assert "startup.js" in page and "location.host" in page
    info = json.loads(get("/api/info"))
    assert info["supportsClientDeviceDB"] is True and info["chipset"] == "BK7231N"
    pins = json.loads(get("/api/pins"))
    assert len(pins["rolenames"]) == 99 and pins["roles"][9] == pins["rolenames"].index("Rel")
    assert len(json.loads(get("/api/channelTypes"))["typenames"]) == 68
    # JSON goes as text/plain, a "simple" request of another site that the setting allows
    plain = {"Content-Type": "text/plain;charset=UTF-8", "Origin": "https://openbekeniot.github.io",
             "Sec-Fetch-Site": "cross-site"}
    roles, channels = pins["roles"], pins["channels"]
    roles[8], channels[8] = pins["rolenames"].index("Btn"), 1
    body = json.dumps({"roles": roles, "channels": channels})
    status, data = request("POST", "/api/pins", body, headers=plain)
    assert (status, data) == (200, b'{"success":200, "msg":"OK"}'), (status, data)
    evil = dict(plain, Origin="https://evil.example")
    assert request("POST", "/api/pins", body, headers=evil)[0] == 403
    status, data = request("POST", "/api/cmnd", "POWER ON", headers=plain)
    assert json.loads(data)["res"]["POWER"] == "ON", data
    assert request("POST", "/api/cmnd", "nosuch")[0] == 501
    assert request("POST", "/api/channels", "[0,0]")[0] == 200
    c = http.client.HTTPConnection("127.0.0.1", port)
    c.request("OPTIONS", "/api/cmnd", headers={"Origin": "https://openbekeniot.github.io"})
    answer = c.getresponse()
    assert answer.status == 200 and answer.getheader("Access-Control-Allow-Origin")
    c.close()
    get("/lograw")

def image(content):
    head = b"PLUGSMI1" + struct.pack("<II", len(content), 0)
    head += b"BK7231N".ljust(16, b"\0") + b"8.8.8".ljust(32, b"\0") + hashlib.sha256(content).digest()
    head = head.ljust(252, b"\0")
    return head + struct.pack("<I", zlib.crc32(head)) + content

def update_with_files():
    for name in ("autoexec.bat", "page.html", "sub/x.txt"):
        assert json.loads(request("POST", "/api/lfs/" + name, "echo " + name)[1])["size"] == len(name) + 5
    listing = json.loads(get("/api/lfs/"))["content"]
    assert {"name": "sub", "type": 2, "size": 0} in listing, listing
    block = get("/api/fsblock")
    assert json.loads(request("POST", "/api/ota", image(bytes(30000)))[1]) == {"size": 30256}
    assert json.loads(request("POST", "/api/reboot", "")[1]) == {"reboot": 3}
    time.sleep(1.5)
    ready()
    assert get("/api/del/sub/x.txt") == b"OK"
    assert json.loads(request("POST", "/api/fsblock", block)[1]) == {"size": len(block)}
    assert get("/api/lfs/sub/x.txt") == b"echo sub/x.txt"
    assert get("/page") == b"echo page.html"
    assert json.loads(get("/api/v2/update"))["version"] == "8.8.8"
    print("OpenBeken web application: pins, commands, files, firmware, files again: ok")

def raw(text):
    with socket.create_connection(("127.0.0.1", port), 90) as s:
        s.sendall(text.encode())
        data = b""
        while piece := s.recv(65536):
            data += piece
    return data

def tools():
    answer = raw("GET /cm?cmnd=POWER%20TOGGLE HTTP/1.0\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 200 OK\r\n") and b'"POWER"' in answer, answer
    answer = raw("POST /cm HTTP/1.1\r\nHost: p\r\nContent-Type: application/x-www-form-urlencoded\r\n"
                 "Connection: close\r\nContent-Length: 14\r\n\r\ncmnd=POWER%20ON")
    assert b'"POWER"' in answer, answer
    answer = raw("POST /api/cmnd HTTP/1.1\r\nHost: p\r\nTransfer-Encoding: chunked\r\n"
                 "Connection: close\r\n\r\n5\r\nPOWER\r\n4\r\n OFF\r\n0\r\n\r\n")
    assert b'"POWER":"OFF"' in answer, answer
    status = json.loads(get("/cm?cmnd=Status%2011"))["StatusSTS"]
    assert status["POWER"] == "OFF" and status["Wifi"]["Signal"] <= 0
    metrics = get("/metrics").decode()
    for line in metrics.splitlines():
        assert line.startswith("#") or re.fullmatch(r'[a-z_]+(\{[^}]*\})? -?[0-9.e+-]+', line), line
    print("Tasmota tools, HTTP/1.0, chunks, Prometheus: ok")

ready()
scanner()
web_application()
update_with_files()
tools()
CLIENTS
python3 "$folder/clients.py" $port || { cat "$folder"/*.log; exit 1; }
