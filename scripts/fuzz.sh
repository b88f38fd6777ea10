#!/bin/sh
# Fuzzes every target for a time and keeps what it learned, minimised, in tests/fuzz/corpus.
# usage: fuzz.sh SECONDS [TARGET]
set -eu
seconds=$1
only=${2:-}
cmake --preset fuzz >/dev/null
cmake --build build/fuzz -j "$(nproc)" ${only:+--target "$only"}
for source in tests/fuzz/fuzz_*.c; do
    name=$(basename "$source" .c)
    [ -z "$only" ] || [ "$only" = "$name" ] || continue
    echo "== $name: $seconds s"
    corpus=tests/fuzz/corpus/$name
    work=build/fuzz/corpus/$name
    mkdir -p "$corpus" "$work" build/fuzz/findings
    "build/fuzz/tests/$name" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=1024 \
        -artifact_prefix="build/fuzz/findings/$name-" -print_final_stats=1 "$work" "$corpus"
    "build/fuzz/tests/$name" -merge=1 -max_len=8192 "$corpus" "$work" >/dev/null 2>&1
done
