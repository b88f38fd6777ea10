# Adds up a linker map: bytes of code, constants and texts per room. First file: lines "object room";
# second file: the map. What comes from the compiler's own libraries is the room "runtime".
function number(hex,    i, n) {
    hex = tolower(substr(hex, 3))
    for (i = 1; i <= length(hex); i++)
        n = n * 16 + index("0123456789abcdef", substr(hex, i, 1)) - 1
    return n + 0
}
FNR == NR { room[$1] = $2; next }
/^Linker script and memory map/ { on = 1 }
!on { next }
/^ \.(text|rodata)/ {
    section = $1
    if (NF == 1) next # the rest stands on the next line
    size = $3
    file = $4
}
/^ +0x/ && section != "" && NF >= 3 && $2 ~ /^0x/ { size = $2; file = $3 }
/^ [^.]/ && !/^ +0x/ { section = "" }
section != "" && file != "" {
    bytes = number(size)
    if (match(file, /\([^)]*\)/)) {
        object = substr(file, RSTART + 1, RLENGTH - 2)
        archive = substr(file, 1, RSTART - 1)
        sub(/.*\/lib/, "", archive)
        name = archive == "base.a" || archive == "codec.a" ? substr(archive, 1, length(archive) - 2) \
             : archive == "core.a" || archive == "device.a" ? room[object] : "runtime"
        sum[name == "" ? "." : name] += bytes
    }
    file = section = ""
}
END { for (name in sum) print name, sum[name] }
