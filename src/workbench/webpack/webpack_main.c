/* plugsmith-webpack: the build step of the device's pages. Joins and slims their sources, presses
 * them with gzip and writes one C table of bytes that the firmware carries.
 *
 * usage: plugsmith-webpack OUT.c PATH=FILE[,FILE...] ...
 * PATH is what the browser asks for; "@tables" as a FILE stands for what webpack_tables makes of
 * the code's own tables (roles, channel types, flags, modules), so that the pages never have a copy
 * of them that could grow old. */
#include "base/crc.h"
#include "base/text.h"
#include "workbench/host/file.h"
#include "workbench/webpack/webpack.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

enum { WHY = 256, SOURCE_LIMIT = 1 << 20, MOST_COMPRESSED = 60 * 1024 };

static const struct mime {
    const char *ending, *type;
    enum slimming slimming;
} mimes[] = {
    {".html", "text/html; charset=utf-8", SLIM_INDENT},
    {".js", "text/javascript; charset=utf-8", SLIM_SCRIPT},
    {".css", "text/css; charset=utf-8", SLIM_STYLE},
    {".svg", "image/svg+xml", SLIM_INDENT},
    {".webmanifest", "application/manifest+json", SLIM_INDENT},
};

static const struct mime *mime_of(const char *path) {
    const char *dot = strrchr(path, '.');
    for (size_t i = 0; i < sizeof mimes / sizeof *mimes; i++)
        if (strcmp(dot ? dot : ".html", mimes[i].ending) == 0)
            return &mimes[i];
    return NULL;
}

static bool append(struct text *out, const char *name, enum slimming slimming) {
    char why[WHY];
    struct file file;
    if (strcmp(name, "@tables") == 0) {
        webpack_tables(out);
        return true;
    }
    if (!file_read(name, SOURCE_LIMIT, &file, why, sizeof why)) {
        fprintf(stderr, "plugsmith-webpack: %s\n", why);
        return false;
    }
    webpack_slim(out, (const char *)file.data, slimming);
    file_free(&file);
    return true;
}

/* One gzip member without time or name, so that the same sources give the same bytes. */
static size_t press(const struct text *in, uint8_t *out, size_t size) {
    z_stream z = {.next_in = (Bytef *)in->data,
                  .avail_in = (uInt)in->length,
                  .next_out = out,
                  .avail_out = (uInt)size};
    if (deflateInit2(&z, 9, Z_DEFLATED, 15 + 16, 9, Z_DEFAULT_STRATEGY) != Z_OK)
        return 0;
    int end = deflate(&z, Z_FINISH);
    deflateEnd(&z);
    return end == Z_STREAM_END ? z.total_out : 0;
}

static void write_bytes(FILE *out, size_t n, const uint8_t *data, size_t size) {
    fprintf(out, "static const uint8_t asset_%zu[] = {", n);
    for (size_t i = 0; i < size; i++)
        fprintf(out, "%s0x%02x,", i % 20 ? "" : "\n", data[i]);
    fputs("\n};\n", out);
}

struct made {
    const char *path;
    const struct mime *mime;
    uint32_t check;
    size_t size, unpacked;
};

/* Joins, slims and presses one asset and writes its bytes. */
static bool make_asset(FILE *out, char *argument, size_t n, struct made *made, char *buffer,
                       uint8_t *packed) {
    char *files = strchr(argument, '=');
    if (!files)
        return fprintf(stderr, "plugsmith-webpack: \"%s\" is not PATH=FILE,...\n", argument), false;
    *files++ = '\0';
    made->path = argument;
    made->mime = mime_of(argument);
    if (!made->mime)
        return fprintf(stderr, "plugsmith-webpack: no type for %s\n", argument), false;
    struct text text = text_start(buffer, SOURCE_LIMIT);
    for (char *name = strtok(files, ","); name; name = strtok(NULL, ","))
        if (!append(&text, name, made->mime->slimming))
            return false;
    made->size = text.truncated ? 0 : press(&text, packed, SOURCE_LIMIT);
    made->unpacked = text.length;
    made->check = crc32_update(0, packed, made->size);
    write_bytes(out, n, packed, made->size);
    return made->size > 0;
}

static void write_table(FILE *out, const struct made *made, size_t count) {
    fputs("const struct web_asset web_assets[] = {\n", out);
    for (size_t i = 0; i < count; i++)
        fprintf(out, "    {\"%s\", \"%s\", \"\\\"%08X\\\"\", asset_%zu, %zu, %zu},\n", made[i].path,
                made[i].mime->type, made[i].check, i, made[i].size, made[i].unpacked);
    fprintf(out, "};\nconst size_t web_asset_count = %zu;\n", count);
}

static bool make_all(FILE *out, char **arguments, size_t count) {
    struct made *made = calloc(count, sizeof *made);
    char *buffer = malloc(SOURCE_LIMIT);
    uint8_t *packed = malloc(SOURCE_LIMIT);
    bool good = made && buffer && packed;
    size_t all = 0;
    fputs("/* Made by plugsmith-webpack; the sources are in src/device/web. */\n"
          "#include \"device/web/web_asset.h\"\n",
          out);
    for (size_t i = 0; good && i < count; i++) {
        good = make_asset(out, arguments[i], i, &made[i], buffer, packed);
        all += made[i].size;
    }
    if (good)
        write_table(out, made, count);
    if (good && all > MOST_COMPRESSED) {
        fprintf(stderr, "plugsmith-webpack: the pages need %zu bytes, more than %d\n", all,
                MOST_COMPRESSED);
        good = false;
    }
    free(made);
    free(buffer);
    free(packed);
    return good;
}

int main(int argc, char **argv) {
    if (argc < 3) {
        fputs("usage: plugsmith-webpack OUT.c PATH=FILE[,FILE...] ...\n", stderr);
        return 2;
    }
    FILE *out = fopen(argv[1], "w");
    if (!out) {
        perror(argv[1]);
        return 1;
    }
    bool good = make_all(out, argv + 2, (size_t)argc - 2);
    good = fclose(out) == 0 && good;
    if (!good)
        remove(argv[1]);
    return good ? 0 : 1;
}
