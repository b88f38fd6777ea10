#!/bin/sh
# The command line as a person gets it wrong: suggestions, help for everything, exit codes.
set -u
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0

# try CODE WORDS ARGUMENTS...: exit code, and words in either stream
try() {
    wanted=$1 words=$2
    shift 2
    "$PLUGSMITH" "$@" >"$work/out" 2>&1
    code=$?
    if [ "$code" -ne "$wanted" ] || ! grep -q -- "$words" "$work/out"; then
        echo "plugsmith $*: exit code $code (wanted $wanted), no '$words' in:"
        head -5 "$work/out"
        failed=1
    fi
}

try 0 'The story'
try 0 'inspect' --help
try 0 '^plugsmith [0-9]' --version
try 2 "did you mean 'inspect'" inspcet plug.bin
try 2 'unknown subcommand' frobnicate
try 2 "did you mean '--reveal'" inspect --revael plug.bin
try 2 "is none of" inspect --template openhab plug.bin
try 2 'missing argument' inspect
try 2 'takes no value' inspect --json=yes plug.bin
try 2 'needs a value' inspect plug.bin --out
try 2 'goes with --template' inspect --out x plug.bin
try 2 'one file at a time' inspect --template obk a b
try 1 'No such file' inspect "$work/nothing"

for command in $("$PLUGSMITH" --help | sed -n 's/^  \([a-z][a-z-]*\)  *[a-z].*/\1/p'); do
    try 0 "plugsmith $command" "$command" --help
    try 0 "plugsmith $command" help "$command"
done
exit $failed
