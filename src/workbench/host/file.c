/* Reading with plain read() rather than a mapping, because a mapped file that shrinks kills the
 * reader; writing through a temporary name. */
#include "workbench/host/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

__attribute__((format(printf, 3, 4))) static bool fail(char *why, size_t size, const char *format,
                                                       ...) {
    va_list list;
    va_start(list, format);
    vsnprintf(why, size, format, list);
    va_end(list);
    return false;
}

/* Reads until end of file or limit + 1 bytes, growing the buffer as needed. */
static bool read_all(int fd, size_t expected, size_t limit, struct file *file) {
    size_t room = expected + 1 < 4096 ? 4096 : expected + 1;
    uint8_t *data = malloc(room);
    size_t size = 0;
    while (data) {
        ssize_t got = read(fd, data + size, room - 1 - size);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0) {
            free(data);
            return false;
        }
        size += (size_t)got;
        if (got == 0 || size > limit)
            break;
        if (size == room - 1) {
            uint8_t *larger = realloc(data, room *= 2);
            if (!larger)
                free(data);
            data = larger;
        }
    }
    if (!data)
        return false;
    data[size] = 0;
    *file = (struct file){data, size};
    return true;
}

bool file_read(const char *path, size_t limit, struct file *file, char *why, size_t why_size) {
    struct stat info;
    bool standard = strcmp(path, "-") == 0;
    int fd = standard ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0)
        return fail(why, why_size, "%s: %s", path, strerror(errno));
    bool ok = false;
    if (fstat(fd, &info) != 0)
        fail(why, why_size, "%s: %s", path, strerror(errno));
    else if (S_ISDIR(info.st_mode))
        fail(why, why_size, "%s: is a directory, not a file", path);
    else if (!standard && !S_ISREG(info.st_mode))
        fail(why, why_size, "%s: not a regular file", path);
    else if (S_ISREG(info.st_mode) && info.st_size > (off_t)limit)
        fail(why, why_size, "%s: %lld bytes, larger than any flash chip (limit %zu)", path,
             (long long)info.st_size, limit);
    else if (!read_all(fd, S_ISREG(info.st_mode) ? (size_t)info.st_size : 0, limit, file))
        fail(why, why_size, "%s: %s", path, strerror(errno));
    else if (file->size > limit || (S_ISREG(info.st_mode) && file->size < (size_t)info.st_size)) {
        fail(why, why_size, "%s: %s", path,
             file->size > limit ? "larger than any flash chip"
                                : "became shorter while it was read");
        file_free(file);
    } else
        ok = true;
    if (!standard)
        close(fd);
    return ok;
}

void file_free(struct file *file) {
    free(file->data);
    *file = (struct file){0};
}

static bool write_all(int fd, const uint8_t *data, size_t size) {
    while (size) {
        ssize_t put = write(fd, data, size);
        if (put < 0 && errno == EINTR)
            continue;
        if (put <= 0)
            return false;
        data += put;
        size -= (size_t)put;
    }
    return true;
}

enum { NAME_MAX_BYTES = 4096 };

/* A new file beside `path`, negative when there can be none. */
static int open_beside(const char *path, bool replace, char temporary[NAME_MAX_BYTES], char *why,
                       size_t why_size) {
    if (!replace && access(path, F_OK) == 0) {
        fail(why, why_size, "%s: exists already; --force replaces it", path);
        return -1;
    }
    if (snprintf(temporary, NAME_MAX_BYTES, "%s.XXXXXX", path) >= NAME_MAX_BYTES) {
        fail(why, why_size, "%s: name too long", path);
        return -1;
    }
    int fd = mkstemp(temporary);
    if (fd < 0)
        fail(why, why_size, "%s: %s", path, strerror(errno));
    return fd;
}

bool file_can_write(const char *path, bool replace, char *why, size_t why_size) {
    char temporary[NAME_MAX_BYTES];
    struct stat s;
    if (strcmp(path, "-") == 0)
        return true;
    if (stat(path, &s) == 0 && S_ISDIR(s.st_mode))
        return fail(why, why_size, "%s: is a directory, not a file", path);
    int fd = open_beside(path, replace, temporary, why, why_size);
    if (fd < 0)
        return false;
    close(fd);
    unlink(temporary);
    return true;
}

bool file_write(const char *path, const void *data, size_t size, bool replace, char *why,
                size_t why_size) {
    char temporary[NAME_MAX_BYTES];
    if (strcmp(path, "-") == 0)
        return write_all(STDOUT_FILENO, data, size) ||
               fail(why, why_size, "standard output: %s", strerror(errno));
    int fd = open_beside(path, replace, temporary, why, why_size);
    if (fd < 0)
        return false;
    mode_t mask = umask(0);
    umask(mask);
    bool ok = write_all(fd, data, size) && fchmod(fd, 0666 & ~mask) == 0 && fsync(fd) == 0;
    ok = close(fd) == 0 && ok && rename(temporary, path) == 0;
    if (!ok) {
        fail(why, why_size, "%s: %s", path, strerror(errno));
        unlink(temporary);
    }
    return ok;
}
