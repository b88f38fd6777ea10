#!/bin/sh
# Installs the Debian packages that a verb of the Makefile needs, and says so before it does.
# usage: deps.sh build|test|browser|fuzz|check|cross ...
set -eu
build="cmake ninja-build pkg-config libjansson-dev liblzma-dev zlib1g-dev libmbedtls-dev libunicorn-dev libseccomp-dev libserialport-dev libgpiod-dev"
test="libcmocka-dev xz-utils jq"
browser="chromium chromium-driver nodejs fonts-dejavu-core"
fuzz="clang libclang-rt-dev"
check="clang-format clang-tidy cppcheck shellcheck"
cross="gcc-arm-none-eabi libnewlib-arm-none-eabi gcc-riscv64-unknown-elf picolibc-riscv64-unknown-elf"

wanted=""
for group in "$@"; do
    case "$group" in
    build) wanted="$wanted $build" ;;
    test) wanted="$wanted $test" ;;
    browser) wanted="$wanted $browser" ;;
    fuzz) wanted="$wanted $fuzz" ;;
    check) wanted="$wanted $check" ;;
    cross) wanted="$wanted $cross" ;;
    *) echo "deps.sh: no group '$group' (build, test, browser, fuzz, check, cross)" >&2; exit 2 ;;
    esac
done

if ! command -v dpkg-query >/dev/null 2>&1; then
    echo "note: this is not a Debian system; make sure these are installed:$wanted"
    exit 0
fi
missing=""
for package in $wanted; do
    dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null | grep -q '^installed$' ||
        missing="$missing $package"
done
[ -n "$missing" ] || exit 0

echo "installing with apt:$missing"
sudo=""
if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null 2>&1 || {
        echo "cannot install: not root and no sudo; as root run: apt-get install$missing" >&2
        exit 1
    }
    sudo="sudo"
fi
log=$(mktemp)
# shellcheck disable=SC2086 # one word per package is meant
if { $sudo apt-get update && DEBIAN_FRONTEND=noninteractive $sudo apt-get install -y --no-install-recommends $missing; } >"$log" 2>&1; then
    rm -f "$log"
else
    tail -n 5 "$log" >&2
    echo "cannot install$missing (full log: $log); install them by hand and try again" >&2
    exit 1
fi
