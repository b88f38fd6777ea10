#!/bin/sh
# Builds and runs every test twice: as released, then under the sanitizers.
# usage: test.sh JOBS
set -eu
jobs=$1
[ -d ../shared ] || echo "note: ../shared is absent: tests on real dumps and captures will be skipped"
for preset in host asan; do
    echo "== $preset"
    cmake --preset "$preset" >/dev/null
    cmake --build "build/$preset" -j "$jobs"
    ctest --test-dir "build/$preset" -j "$jobs" --output-on-failure --no-tests=error
done
