#!/bin/sh
# The rules that need no test run: formatting, static analysis, scripts, generated docs.
# usage: check.sh JOBS
set -eu
jobs=$1
cmake --preset host >/dev/null
cmake --build build/host -j "$jobs"

echo "== clang-format"
git ls-files '*.c' '*.h' | xargs clang-format --dry-run -Werror
echo "== shellcheck"
git ls-files '*.sh' .ci/run | xargs shellcheck -e SC2016
echo "== layers"
for script in tests/layers/*.sh; do BUILD_DIR=build/host "$script"; done
echo "== generated docs"
mkdir -p build/docs
rm -rf build/docs/reference
build/host/plugsmith-docs reference build/docs/reference
diff -ru -x inspect-json.md -x home-assistant.md build/docs/reference docs/reference || { echo "docs/reference is stale: run make docs" >&2; exit 1; }
echo "== cppcheck"
# shellcheck disable=SC2046 # one word per file is meant
cppcheck --quiet --std=c11 --language=c --enable=warning,performance,portability --inline-suppr \
    --suppress=normalCheckLevelMaxBranches --error-exitcode=1 -j "$jobs" -Isrc \
    -DPLUGSMITH_VERSION='"x"' $(git ls-files 'src/*.c')
echo "== clang-tidy"
git ls-files 'src/*.c' | xargs -P "$jobs" -n 4 clang-tidy -p build/host --quiet 2>/dev/null
