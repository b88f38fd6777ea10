#!/bin/sh
# The virtual plug on the network as a person starts it: checks itself, serves curl, keeps its
# promises about ports and signals.
set -eu
port=$((20000 + $$ % 4000)) # below the ports that the kernel hands out
"$PLUGSMITH" sim --http 127.0.0.1:$port --once >/dev/null
if "$PLUGSMITH" sim --http nowhere --once 2>/dev/null; then echo "a bad address must be refused"; exit 1; fi
command -v curl >/dev/null || { echo "skip: no curl for the rest"; exit 77; }
"$PLUGSMITH" sim --http 127.0.0.1:$port --set "P26=Rel;1" </dev/null >/dev/null 2>&1 &
plug=$!
trap 'kill $plug 2>/dev/null || true' EXIT
get() { curl -sS --retry 20 --retry-connrefused --retry-delay 1 -m 90 "$@"; }
base=http://127.0.0.1:$port
[ "$(get "$base/cm?cmnd=POWER%20TOGGLE")" = '{"POWER":"ON"}' ] || { echo "POWER TOGGLE"; exit 1; }
get "$base/cm?cmnd=STATUS" | grep -q '"StatusSTS"' || { echo "STATUS"; exit 1; }
get --compressed "$base/" | grep -qi '<!doctype html' || { echo "pages"; exit 1; }
head -c 5000 /dev/urandom >"${TMPDIR:-/tmp}/plug.$$"
[ "$(get --data-binary @"${TMPDIR:-/tmp}/plug.$$" "$base/api/lfs/r.bin")" = '{"fname":"r.bin","size":5000}' ] || { echo "upload"; exit 1; }
get "$base/api/lfs/r.bin" | cmp - "${TMPDIR:-/tmp}/plug.$$" || { echo "download differs"; exit 1; }
[ "$(get -o /dev/null -w '%{http_code}' --data-binary @"${TMPDIR:-/tmp}/plug.$$" "$base/api/ota")" = 422 ] || { echo "rubbish as firmware"; exit 1; }
rm -f "${TMPDIR:-/tmp}/plug.$$"
get "$base/api/flash/1D3000-1000" | wc -c | grep -q '^4096$' || { echo "flash"; exit 1; }
if "$PLUGSMITH" sim --http 127.0.0.1:$port --once >/dev/null 2>&1; then echo "a taken port must be said"; exit 1; fi
kill -INT $plug
wait $plug || { echo "Ctrl-C must end it well"; exit 1; }
