/* gzip by zlib and AES by mbedTLS around the two directions of a package. */
#include "workbench/image/package.h"

#include "base/crc.h"
#include "workbench/host/crypto.h"

#include <stdlib.h>
#include <string.h>
#include <zlib.h>

enum { GZIP_WINDOW = 15 + 16, MEMORY_LEVEL = 8 };

const struct package_keys package_default_keys = {
    .key = "0123456789ABCDEF0123456789ABCDEF",
    .iv = "0123456789ABCDEF",
};

static z_stream stream(const uint8_t *data, size_t size, uint8_t *out, size_t room) {
    return (z_stream){.next_in = (Bytef *)(uintptr_t)data,
                      .avail_in = (uInt)size,
                      .next_out = out,
                      .avail_out = (uInt)room};
}

/* Bytes written, or SIZE_MAX when the stream is broken or longer than `room`. */
static size_t gunzip(const uint8_t *data, size_t size, uint8_t *out, size_t room) {
    z_stream z = stream(data, size, out, room);
    if (inflateInit2(&z, GZIP_WINDOW) != Z_OK)
        return SIZE_MAX;
    int result = inflate(&z, Z_FINISH);
    inflateEnd(&z);
    return result == Z_STREAM_END ? room - z.avail_out : SIZE_MAX;
}

static size_t gzip(const uint8_t *data, size_t size, uint8_t *out, size_t room) {
    z_stream z = stream(data, size, out, room);
    if (deflateInit2(&z, Z_BEST_COMPRESSION, Z_DEFLATED, GZIP_WINDOW, MEMORY_LEVEL,
                     Z_DEFAULT_STRATEGY) != Z_OK)
        return SIZE_MAX;
    int result = deflate(&z, Z_FINISH);
    deflateEnd(&z);
    return result == Z_STREAM_END ? room - z.avail_out : SIZE_MAX;
}

static enum status check(const struct rbl_header *rbl, size_t size) {
    if (rbl->encryption == RBL_XOR || rbl->encryption > RBL_AES256 || rbl->compression > RBL_GZIP)
        return STATUS_UNSUPPORTED;
    if (rbl->raw_size > PACKAGE_CODE_LIMIT || rbl->package_size > PACKAGE_CODE_LIMIT)
        return STATUS_BAD_LENGTH;
    if (rbl->encryption == RBL_AES256 && rbl->package_size % AES_BLOCK_SIZE)
        return STATUS_BAD_LENGTH;
    return rbl->package_size > size ? STATUS_TRUNCATED : STATUS_OK;
}

/* Decrypts a copy of the package and takes the padding off; malloc'd. */
static uint8_t *decrypted(const struct rbl_header *rbl, const uint8_t *package,
                          const struct package_keys *keys, size_t *size) {
    uint8_t *plain = malloc((size_t)rbl->package_size + 1);
    *size = rbl->package_size;
    if (!plain)
        return NULL;
    memcpy(plain, package, *size);
    if (rbl->encryption == RBL_AES256 && *size) {
        aes256_cbc_decrypt(keys->key, keys->iv, plain, plain, *size);
        uint8_t padding = plain[*size - 1];
        if (padding >= 1 && padding <= AES_BLOCK_SIZE)
            *size -= padding;
    }
    return plain;
}

enum status package_unpack(const struct rbl_header *rbl, const uint8_t *package, size_t size,
                           const struct package_keys *keys, uint8_t **code, size_t *code_size) {
    *code = NULL;
    enum status status = check(rbl, size);
    if (status)
        return status;
    bool sum = crc32_update(0, package, rbl->package_size) == rbl->package_crc;
    size_t length;
    uint8_t *plain = decrypted(rbl, package, keys, &length);
    uint8_t *out = malloc((size_t)rbl->raw_size + 1);
    if (plain && out && rbl->compression == RBL_GZIP)
        *code_size = gunzip(plain, length, out, rbl->raw_size);
    else if (plain && out) {
        *code_size = length < rbl->raw_size ? length : rbl->raw_size;
        memcpy(out, plain, *code_size);
    } else
        *code_size = SIZE_MAX;
    free(plain);
    if (*code_size == SIZE_MAX) {
        free(out);
        return STATUS_BAD_CHECKSUM;
    }
    *code = out;
    bool whole =
        *code_size == rbl->raw_size && fnv1a_update(FNV1A_START, out, *code_size) == rbl->raw_hash;
    return sum && whole ? STATUS_OK : STATUS_BAD_CHECKSUM;
}

/* Adds PKCS padding and encrypts in place; the buffer has room for one more block. */
static size_t encrypt(const struct package_keys *keys, uint8_t *data, size_t size) {
    size_t padding = AES_BLOCK_SIZE - size % AES_BLOCK_SIZE;
    memset(data + size, (int)padding, padding);
    aes256_cbc_encrypt(keys->key, keys->iv, data, data, size + padding);
    return size + padding;
}

enum status package_pack(struct rbl_header *rbl, const uint8_t *code, size_t code_size,
                         const struct package_keys *keys, uint8_t **package, size_t *size) {
    *package = NULL;
    if (rbl->encryption == RBL_XOR || rbl->encryption > RBL_AES256 || rbl->compression > RBL_GZIP)
        return STATUS_UNSUPPORTED;
    if (code_size > PACKAGE_CODE_LIMIT)
        return STATUS_BAD_LENGTH;
    size_t room = code_size + code_size / 512 + 256;
    uint8_t *out = malloc(room + AES_BLOCK_SIZE);
    if (!out)
        return STATUS_NO_SPACE;
    *size = code_size;
    if (rbl->compression == RBL_GZIP)
        *size = gzip(code, code_size, out, room);
    else
        memcpy(out, code, code_size);
    if (*size == SIZE_MAX) {
        free(out);
        return STATUS_INTERNAL;
    }
    if (rbl->encryption == RBL_AES256)
        *size = encrypt(keys, out, *size);
    rbl->raw_size = (uint32_t)code_size;
    rbl->raw_hash = fnv1a_update(FNV1A_START, code, code_size);
    rbl->package_size = (uint32_t)*size;
    rbl->package_crc = crc32_update(0, out, *size);
    *package = out;
    return STATUS_OK;
}
