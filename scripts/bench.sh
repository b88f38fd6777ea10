#!/bin/sh
# Runs every benchmark program and puts the rows into one table.
# usage: bench.sh BUILD_DIR
set -eu
build=$1
printf '%-44s %12s %-10s %s\n' figure value unit "ratio to limit or baseline"
for program in "$build"/bench/bench_*; do
    PLUGSMITH="$build/plugsmith" "$program"
done
