#!/bin/sh
# The plug without network must fit the chips it is meant for: its code and RAM on ARM Thumb, as the
# linker keeps them, stay within the budget in scripts/size.sh.
set -eu
command -v arm-none-eabi-gcc >/dev/null || { echo "skip: no arm-none-eabi-gcc here (make size installs it)"; exit 77; }
nice scripts/size.sh 2 core || { echo "over the budget: make size shows which room grew" >&2; exit 1; }
