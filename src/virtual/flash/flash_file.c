/* Loading and saving a flash image. */
#include "virtual/flash/flash_file.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum status flash_file_size(const char *path, uint64_t *size) {
    struct stat info;
    *size = 0;
    if (stat(path, &info) != 0)
        return errno == ENOENT ? STATUS_NOT_FOUND : STATUS_IO;
    if (!S_ISREG(info.st_mode))
        return STATUS_IO;
    *size = (uint64_t)info.st_size;
    return STATUS_OK;
}

enum status flash_file_load(struct spi_flash *flash, const char *path) {
    FILE *file = fopen(path, "rb");
    if (!file)
        return STATUS_IO;
    size_t n = fread(flash->data, 1, flash->size, file);
    bool bad = ferror(file) || n == 0;
    fclose(file);
    return bad ? STATUS_IO : STATUS_OK;
}

static bool write_all(int fd, const uint8_t *data, size_t size) {
    for (size_t done = 0; done < size;) {
        ssize_t n = write(fd, data + done, size - done);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return false;
        done += (size_t)n;
    }
    return fsync(fd) == 0;
}

/* A new file gets the usual rights, an old one keeps its own. */
static mode_t mode_for(const char *path) {
    struct stat info;
    if (stat(path, &info) == 0)
        return info.st_mode & 0777;
    mode_t mask = umask(0);
    umask(mask);
    return 0666 & ~mask;
}

enum status flash_file_save(const struct spi_flash *flash, const char *path) {
    char temporary[4096];
    if (snprintf(temporary, sizeof temporary, "%s.XXXXXX", path) >= (int)sizeof temporary)
        return STATUS_IO;
    int fd = mkstemp(temporary);
    if (fd < 0)
        return STATUS_IO;
    bool good = write_all(fd, flash->data, flash->size) && fchmod(fd, mode_for(path)) == 0;
    good = close(fd) == 0 && good;
    if (good && rename(temporary, path) == 0)
        return STATUS_OK;
    unlink(temporary);
    return STATUS_IO;
}

static bool sr_path(const char *path, char *name, size_t size) {
    int n = snprintf(name, size, "%s.sr", path);
    return n > 0 && (size_t)n < size;
}

void flash_file_load_sr(struct spi_flash *flash, const char *path) {
    char name[4096], text[16] = "", *end;
    FILE *file = sr_path(path, name, sizeof name) ? fopen(name, "r") : NULL;
    if (!file)
        return;
    if (fgets(text, sizeof text, file)) {
        unsigned long sr = strtoul(text, &end, 16);
        if (end != text && sr <= 0xFFFFFF)
            flash->sr = (uint32_t)sr;
    }
    fclose(file);
}

enum status flash_file_save_sr(const struct spi_flash *flash, const char *path) {
    char name[4096];
    if (!sr_path(path, name, sizeof name))
        return STATUS_IO;
    if (flash->sr == flash->sr_at_power_on) {
        unlink(name);
        return STATUS_OK;
    }
    FILE *file = fopen(name, "w");
    bool good = file && fprintf(file, "%04X\n", (unsigned)flash->sr) > 0;
    return file && fclose(file) == 0 && good ? STATUS_OK : STATUS_IO;
}
