# shellcheck shell=sh
# How a test waits for something that runs beside it; to be sourced. The wait is over as soon as the
# thing has come; how long that may take says nothing but how busy the machine is, so the patience is
# long: only what never comes fails.
until_true() { # COMMAND...: tried ten times a second, for a minute and a half
    attempts=0
    until "$@"; do
        attempts=$((attempts + 1))
        [ "$attempts" -lt 900 ] || return 1
        sleep 0.1
    done
}
until_said() { until_true grep -qs -- "$1" "$2"; }     # PATTERN FILE
until_there() { until_true [ -s "$1" ]; }             # FILE, with something in it
