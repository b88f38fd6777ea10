#!/bin/sh
# The main job of the day, without hardware: build a stock dump of a T34 plug with a BL0937 from
# its published configuration, then let the inspector tell everything it knows about it.
# usage: run.sh PROGRAM [inspect options]
set -eu
program=$1
shift
mkdir -p build/demo
"$program" make-dump --config docs/guide/demo/t34-plug-bl0937.json --chip bk7231n --force build/demo/t34-plug.bin
"$program" inspect "$@" build/demo/t34-plug.bin
