# shellcheck shell=sh
# What the stories that run plugsmith share; to be sourced: a folder $work that goes away at the end,
# a state folder of their own, and words to run the program and to say what it must do.
work=$(mktemp -d -p /dev/shm 2>/dev/null || mktemp -d)
export XDG_STATE_HOME="$work/state"
trap 'rm -rf "$work"' EXIT
fail() { echo "$(basename "$0"): $1"; [ ! -s "$work/out" ] || cat "$work/out"; exit 1; }
run() { timeout 300 "$PLUGSMITH" "$@" >"$work/out" 2>&1; }
ok() { run "$@" || fail "failed: plugsmith $*"; }
no() { if run "$@"; then fail "should have failed: plugsmith $*"; fi; }
said() { grep -q -- "$1" "$work/out" || fail "did not say '$1'"; }
