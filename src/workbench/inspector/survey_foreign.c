/* Files that people give by mistake, by their first bytes. Adding one: a row. */
#include "workbench/inspector/survey.h"

static const struct magic {
    uint8_t offset, length;
    const char *bytes, *name;
} magics[] = {
    {0, 3, "\xFF\xD8\xFF", "a JPEG picture"},
    {0, 8, "\x89PNG\r\n\x1A\n", "a PNG picture"},
    {0, 6, "GIF89a", "a GIF picture"},
    {0, 4, "PK\x03\x04", "a ZIP archive: unpack it first"},
    {0, 6, "7z\xBC\xAF\x27\x1C", "a 7-Zip archive: unpack it first"},
    {0, 4, "Rar!", "a RAR archive: unpack it first"},
    {0, 3, "BZh", "a bzip2 file: unpack it first"},
    {0, 4, "\x28\xB5\x2F\xFD", "a Zstandard file: unpack it first"},
    {0, 4, "%PDF", "a PDF document"},
    {0, 4,
     "\x7F"
     "ELF",
     "an ELF program, not a flash image"},
    {0, 2, "MZ", "a Windows program"},
    {0, 4, "UF2\n", "a UF2 image: convert it with ltchiptool first"},
    {0, 8, "\x99\x99\x96\x96\x3F\xCC\x66\xFC", "a Realtek flash image (RTL87xx)"},
    {0, 4, "BFNP", "a Bouffalo Lab flash image (BL602 and relatives)"},
    {0, 4, "\x81\x87\x19\x87", "a Realtek update image"},
};

const char *survey_foreign(const uint8_t *data, size_t size) {
    for (size_t i = 0; i < sizeof magics / sizeof *magics; i++)
        if (bytes_inside(size, magics[i].offset, magics[i].length) &&
            memcmp(data + magics[i].offset, magics[i].bytes, magics[i].length) == 0)
            return magics[i].name;
    return NULL;
}
