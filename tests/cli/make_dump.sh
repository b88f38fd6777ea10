#!/bin/sh
# A synthetic dump for every chip; the same plan gives the same bytes; mistakes are one line.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
demo=docs/guide/demo/t34-plug-bl0937.json
for chip in bk7231n t34 bk7231t bk7231m bk7231q bk7231u bk7238 bk7252 bk7252n bl2028n; do
    for layout in classic os3; do
        "$PLUGSMITH" make-dump --config "$demo" --chip $chip --layout $layout "$dir/$chip-$layout" \
            | grep -q "read back and checked"
    done
done
"$PLUGSMITH" make-dump -c "$demo" --chip bk7231n "$dir/again" >/dev/null
cmp "$dir/again" "$dir/bk7231n-classic"
[ "$(wc -c <"$dir/again")" -eq 2097152 ]

fails() { # expected exit code, then the command's arguments
    code=0
    wanted=$1
    shift
    "$PLUGSMITH" make-dump "$@" >"$dir/out" 2>"$dir/err" || code=$?
    if [ "$code" -ne "$wanted" ] || [ "$(wc -l <"$dir/err")" -ne 1 ]; then
        echo "make-dump $*: exit $code, wanted $wanted with one line:"
        cat "$dir/err"
        exit 1
    fi
}
fails 1 -c "$demo" --chip bk7231n "$dir/again" # exists
"$PLUGSMITH" make-dump -f -c "$demo" "$dir/again" >/dev/null
fails 2 -c "$demo" --chip bk9999 "$dir/x"
fails 2 "$dir/x"
fails 1 -c "$dir/missing.json" "$dir/x"
echo '{"a":' >"$dir/bad.json"
fails 1 -c "$dir/bad.json" "$dir/x"
echo '[1]' >"$dir/bad.json"
fails 1 -c "$dir/bad.json" "$dir/x"
echo '{}' >"$dir/bad.json"
fails 1 -c "$dir/bad.json" "$dir/x"
echo '{"module":"a,b"}' >"$dir/bad.json"
fails 1 -c "$dir/bad.json" "$dir/x"
[ ! -e "$dir/x" ]
