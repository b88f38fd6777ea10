#!/bin/sh
# The flasher's engine has neither I/O nor a clock: bytes and time go in, bytes and deadlines come
# out. It includes no link and no header of the operating system and calls nothing that reads,
# writes, waits or asks what time it is. Its driver is the one place of the flasher that does.
set -eu
root=$(dirname "$0")/../..
cd "$root/src/workbench/engine"
status=0
allowed='"(base|codec|workbench/engine)/|<(stdarg|stdbool|stddef|stdint|stdio|string)\.h>'
if grep -nE '^[[:space:]]*#[[:space:]]*include' ./*.[ch] | grep -vE "$allowed"; then
    echo "engine: only base, codec, itself and <std…>, <string.h> may be included"
    status=1
fi
calls='(link|session)_[a-z0-9_]+|f?printf|puts|time|clock[a-z_]*|(nano|u)?sleep|p?poll|p?select|read|write|open|ioctl|gettimeofday'
if grep -nE "(^|[^a-z0-9_.>])($calls)\(" ./*.c; then
    echo "engine: no I/O and no clock of its own"
    status=1
fi
cd ../flasher
if grep -nE '(^|[^a-z_])link_(read|write|set_baud|set_lines|drain|now_us|clock_us|fd_[a-z]+)\(' ./*.c | grep -v '^./driver\.c:'; then
    echo "flasher: only driver.c has the line and the clock"
    status=1
fi
[ $status -eq 0 ] && echo "the engine has neither I/O nor a clock"
exit $status
