#!/bin/sh
# What `make install` puts in place works: program, man pages, completion.
set -eu
build=$BUILD_DIR
[ -x "$build/plugsmith-docs" ] || {
    echo "skipped: $build/plugsmith-docs is not built"
    exit 77
}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cmake --install "$build" --prefix "$work" >"$work/log" 2>&1 || {
    cat "$work/log"
    exit 1
}
"$work/bin/plugsmith" --version | grep -q '^plugsmith [0-9]'
for page in plugsmith plugsmith-inspect; do
    file=$(find "$work" -name "$page.1*" | head -1)
    [ -n "$file" ] || {
        echo "no man page $page.1"
        exit 1
    }
    if command -v man >/dev/null 2>&1; then
        MANWIDTH=80 man -l "$file" 2>"$work/warnings" | grep -q plugsmith
        [ ! -s "$work/warnings" ] || {
            cat "$work/warnings"
            exit 1
        }
    elif command -v groff >/dev/null 2>&1; then
        groff -man -Tascii -ww "$file" 2>"$work/warnings" | grep -q plugsmith
        [ ! -s "$work/warnings" ]
    fi
done
completion=$work/share/bash-completion/completions/plugsmith
[ -f "$completion" ]
[ -f "$work/share/zsh/site-functions/_plugsmith" ]
if command -v bash >/dev/null 2>&1; then
    # shellcheck disable=SC2016 # expanded by the inner shell
    PATH="$work/bin:$PATH" bash -euc '
        source "$1"
        complete -p plugsmith >/dev/null
        function=$(complete -p plugsmith | sed "s/.*-F \([^ ]*\).*/\1/")
        COMP_WORDS=(plugsmith insp) COMP_CWORD=1 COMP_LINE="plugsmith insp" COMP_POINT=14
        COMPREPLY=()
        $function plugsmith insp plugsmith || true
        printf "%s\n" "${COMPREPLY[@]}" | grep -q "^inspect" ' bash "$completion"
fi
if command -v zsh >/dev/null 2>&1; then
    zsh -n "$work/share/zsh/site-functions/_plugsmith"
fi
