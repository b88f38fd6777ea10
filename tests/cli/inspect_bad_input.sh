#!/bin/sh
# Whatever is given by mistake ends in one clear line and an exit code, at once.
set -u
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0

# refused FILE CODE WORDS...: one line on stderr that holds the words, nothing on stdout
refused() {
    path=$1 wanted=$2 words=$3
    timeout 300 "$PLUGSMITH" inspect "$path" >"$work/out" 2>"$work/err"
    code=$?
    if [ "$code" -ne "$wanted" ] || [ "$(wc -l <"$work/err")" -ne 1 ] ||
        ! grep -q -- "$words" "$work/err" || [ -s "$work/out" ]; then
        echo "$path: exit code $code (wanted $wanted), stderr:"
        cat "$work/err"
        failed=1
    fi
}

: >"$work/empty"
mkdir "$work/folder"
printf '\377\330\377\340\000\020JFIF\000' >"$work/photo.jpg"
head -c 30000 /dev/urandom >>"$work/photo.jpg"
truncate -s 5G "$work/sparse"
printf 'Dear diary, today I opened a plug.\n' >"$work/letter"
head -c 2097152 /dev/zero >"$work/zeros"
head -c 2097152 /dev/zero | tr '\000' '\377' >"$work/erased"
head -c 300000 /dev/urandom >"$work/noise"
printf '\3757zXZ\000and then nothing of the kind' >"$work/broken.xz"
mkfifo "$work/pipe"

refused "$work/missing" 1 'No such file'
refused "$work/empty" 1 'empty file'
refused "$work/folder" 1 'directory'
refused "$work/photo.jpg" 1 'JPEG'
refused "$work/sparse" 1 'larger than any flash chip'
refused "$work/letter" 1 'text without'
refused "$work/zeros" 1 'every byte is 0x00'
refused "$work/erased" 1 'every byte is 0xFF'
refused "$work/noise" 1 'nothing known'
refused "$work/broken.xz" 1 'damaged or cut xz'
refused "$work/pipe" 1 'not a regular file'

# no permission: root reads everything, so another user must try
printf x >"$work/locked"
chmod 000 "$work/locked"
chmod 755 "$work"
if [ "$(id -u)" -ne 0 ]; then
    refused "$work/locked" 1 'ermission denied'
elif command -v setpriv >/dev/null 2>&1; then
    cp "$PLUGSMITH" "$work/program"
    setpriv --reuid 65534 --regid 65534 --clear-groups "$work/program" inspect "$work/locked" \
        >"$work/out" 2>"$work/err"
    code=$?
    if [ "$code" -ne 1 ] || ! grep -q 'ermission denied' "$work/err"; then
        echo "no permission: exit code $code"
        cat "$work/err"
        failed=1
    fi
fi

# a file that changes its length while it is read: any answer in one piece will do, no crash, no hang
head -c 8000000 /dev/urandom >"$work/moving"
(for n in 1 2 3 4 5 6 7 8 9; do
    truncate -s $((9000 - n * 900)) "$work/moving"
    truncate -s 8000000 "$work/moving"
done) &
for n in 1 2 3 4 5 6; do
    timeout 300 "$PLUGSMITH" inspect "$work/moving" >/dev/null 2>&1
    code=$?
    [ "$code" -le 1 ] || {
        echo "moving file: exit code $code"
        failed=1
    }
done
wait

# one bad file among good ones: the others are shown, the exit code tells
printf '{"rl1_pin":26,"bt1_pin":10,"module":"CB2S"}' >"$work/good.json"
"$PLUGSMITH" inspect "$work/good.json" "$work/empty" "$work/good.json" >"$work/out" 2>"$work/err"
code=$?
if [ "$code" -ne 1 ] || [ "$(grep -c good.json "$work/out")" -ne 2 ]; then
    echo "many files: exit code $code"
    cat "$work/out" "$work/err"
    failed=1
fi
lines=$("$PLUGSMITH" inspect --json "$work/good.json" "$work/empty" 2>/dev/null | jq -c .file.path | wc -l)
[ "$lines" -eq 2 ] || {
    echo "--json of two files gave $lines objects"
    failed=1
}
exit $failed
