#!/bin/sh
# The whole story without hardware: build a stock dump of a T34 plug with a BL0937 from its published
# configuration, let the inspector tell what is in it, turn that into the configuration of a virtual
# plug, and put the plug on the network with a load behind its relay. Ctrl-C ends it; with --once it
# checks itself over HTTP and ends.
# usage: run.sh PROGRAM [options of plugsmith sim]
set -eu
program=$1
shift
config=docs/guide/demo/t34-plug-bl0937.json
dump=build/demo/t34-plug.bin
load="0s 60W; 30s 1800W; 60s 3W"
http=${HTTP:-127.0.0.1:8080}
mkdir -p build/demo
step() {
    echo
    echo "\$ plugsmith $*"
    "$program" "$@"
}
step make-dump --config "$config" --chip bk7231n --force "$dump"
step inspect "$dump"
case " $* " in
*" --once "*) http=${HTTP:-127.0.0.1:18080} ;;
esac
step sim --config "$dump" --load "$load" --http "$http" "$@"
