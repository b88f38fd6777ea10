#!/bin/sh
# Every real dump with a known answer: what --json says is what is expected, member by member and
# in order. DUMPS may name another folder of the same shape.
set -eu
dumps=${DUMPS:-../shared/data/dumps}
if [ ! -d "$dumps/expected" ]; then
    echo "skipped: no real dumps at $dumps"
    exit 77
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0
for expected in "$dumps"/expected/*.json; do
    name=$(basename "$expected" .json)
    "$PLUGSMITH" inspect --json "$dumps/$name.bin.xz" >"$work/got.json" || {
        echo "$name: exit code $?"
        failed=1
        continue
    }
    jq -n -e --slurpfile g "$work/got.json" --slurpfile e "$expected" '
        def hex: if type == "string" then (ltrimstr("0x") | ascii_downcase | explode
            | reduce .[] as $c (0; . * 16 + ($c - (if $c > 96 then 87 else 48 end)))) else . end;
        $g[0] as $g | $e[0] as $e
        | [ if $e | has("storage_offset")
            then ["offset", $g.storage.offset, ($e.storage_offset | hex)] else empty end,
            if $e | has("key_variant")
            then ["variant", $g.storage.key_variant, $e.key_variant] else empty end,
            if $e | has("keys")
            then ["keys", [$g.storage.keys[] | {name, length}], $e.keys] else empty end,
            if $e | has("user_param_key")
            then ["config", ($g.config.user_param_key | tostring),
                  ($e.user_param_key | tostring)] else empty end,
            if $e | has("module") then ["module", $g.config.module, $e.module] else empty end,
            if $e | has("em_sys_env")
            then ["platform", $g.config.platform, $e.em_sys_env] else empty end,
            if $e | has("description")
            then ["description", $g.description, $e.description] else empty end,
            if $e | has("stores")
            then ["values", [$g.storage.keys[] | [.name, .length, .checksum_ok]],
                  [$e.stores[].entries | to_entries[]
                   | [.key, .value.length, .value.checksum_ok]]],
                 ["offset", $g.storage.offset, ($e.stores[0].storage_offset | hex)],
                 ["variant", $g.storage.key_variant, $e.stores[0].key_variant] else empty end,
            if $e | has("sha256_shared")
            then ["sha256", $g.file.sha256, $e.sha256_shared] else empty end,
            if $e | has("flash_size") then ["size", $g.file.size, $e.flash_size] else empty end
          ] | map(select(.[1] != .[2])) | if length > 0 then error(tostring) else true end
    ' >/dev/null 2>"$work/why" || {
        echo "$name: $(cat "$work/why")"
        failed=1
    }
done
exit $failed
