#!/bin/sh
# The plug's pages in a real browser (headless Chromium), against a virtual plug on the network.
# Screenshots stay in $BUILD_DIR/test-output/pages.
set -eu
for program in node chromedriver; do
    command -v "$program" >/dev/null 2>&1 || {
        echo "skipped: $program is not installed (Debian: nodejs, chromium, chromium-driver)"
        exit 77
    }
done
command -v chromium >/dev/null 2>&1 || command -v google-chrome >/dev/null 2>&1 || {
    echo "skipped: no Chromium (Debian: chromium)"
    exit 77
}
exec node "$(dirname "$0")/pages/pages.mjs"
