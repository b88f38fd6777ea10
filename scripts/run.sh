#!/bin/sh
# The main job of the day, without hardware: build a stock dump of a T34 plug with a BL0937 from
# its published configuration, then let the inspector tell everything it knows about it.
# usage: run.sh PROGRAM [inspect options]
set -eu
program=$1
shift
config=docs/guide/demo/t34-plug-bl0937.json
dump=build/demo/t34-plug.bin
mkdir -p build/demo
echo "\$ plugsmith make-dump --config $config --chip bk7231n --force $dump"
"$program" make-dump --config "$config" --chip bk7231n --force "$dump"
echo
echo "\$ plugsmith inspect${*:+ $*} $dump"
"$program" inspect "$@" "$dump"
