/* Ed25519 verification; see ed25519.h. Field elements are sixteen limbs of 16 bits, points are in
 * extended coordinates with the complete addition of RFC 8032, section 5.1.4. */
#include "codec/net/ed25519.h"

#include "codec/net/sha512.h"

typedef int64_t element[16];
struct point {
    element x, y, z, t;
};

static const element zero = {0}, one = {1};
static const element d = {0x78a3, 0x1359, 0x4dca, 0x75eb, 0xd8ab, 0x4141, 0x0a4d, 0x0070,
                          0xe898, 0x7779, 0x4079, 0x8cc7, 0xfe73, 0x2b6f, 0x6cee, 0x5203};
static const element d2 = {0xf159, 0x26b2, 0x9b94, 0xebd6, 0xb156, 0x8283, 0x149a, 0x00e0,
                           0xd130, 0xeef3, 0x80f2, 0x198e, 0xfce7, 0x56df, 0xd9dc, 0x2406};
static const element root = {0xa0b0, 0x4a0e, 0x1b27, 0xc4ee, 0xe478, 0xad2f, 0x1806, 0x2f43, 0xd7a7,
                             0x3dfb, 0x0099, 0x2b4d, 0xdf0b, 0x4fc1, 0x2480, 0x2b83}; /* of -1 */
static const element base_x = {0xd51a, 0x8f25, 0x2d60, 0xc956, 0xa7b2, 0x9525, 0xc760, 0x692c,
                               0xdc5c, 0xfdd6, 0xe231, 0xc0a4, 0x53fe, 0xcd6e, 0x36d3, 0x2169};
static const element base_y = {0x6658, 0x6666, 0x6666, 0x6666, 0x6666, 0x6666, 0x6666, 0x6666,
                               0x6666, 0x6666, 0x6666, 0x6666, 0x6666, 0x6666, 0x6666, 0x6666};
static const element base_t = {0xdda3, 0xa5b7, 0x8ab3, 0x6dde, 0x52f5, 0x7751, 0x9f80, 0x20f0,
                               0xe37d, 0x64ab, 0x4e8e, 0x66ea, 0x7665, 0xd78b, 0x5f0f, 0x6787};
/* The order of the base point, low bytes first. */
static const uint8_t order[32] = {0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7,
                                  0xa2, 0xde, 0xf9, 0xde, 0x14, 0,    0,    0,    0,    0,    0,
                                  0,    0,    0,    0,    0,    0,    0,    0,    0,    0x10};

static void carry(element e) {
    for (unsigned i = 0; i < 16; i++) {
        int64_t c = e[i] >> 16; /* arithmetic: floors */
        e[i] -= c * 65536;
        if (i < 15)
            e[i + 1] += c;
        else
            e[0] += 38 * c;
    }
}

static void add(element out, const element a, const element b) {
    for (unsigned i = 0; i < 16; i++)
        out[i] = a[i] + b[i];
}

static void subtract(element out, const element a, const element b) {
    for (unsigned i = 0; i < 16; i++)
        out[i] = a[i] - b[i];
}

static void multiply(element out, const element a, const element b) {
    int64_t t[31] = {0};
    for (unsigned i = 0; i < 16; i++)
        for (unsigned j = 0; j < 16; j++)
            t[i + j] += a[i] * b[j];
    for (unsigned i = 0; i < 15; i++)
        t[i] += 38 * t[i + 16];
    memcpy(out, t, sizeof(element));
    carry(out);
    carry(out);
}

static void pack(uint8_t out[32], const element e) {
    element t, m;
    memcpy(t, e, sizeof t);
    carry(t);
    carry(t);
    carry(t);
    for (unsigned turn = 0; turn < 2; turn++) { /* below 2^256: p may go off twice */
        m[0] = t[0] - 0xffed;
        for (unsigned i = 1; i < 16; i++) {
            m[i] = t[i] - (i < 15 ? 0xffff : 0x7fff) - (m[i - 1] >> 16 & 1);
            m[i - 1] &= 0xffff;
        }
        bool below = m[15] >> 16 & 1;
        m[15] &= 0xffff;
        if (!below)
            memcpy(t, m, sizeof t);
    }
    for (unsigned i = 0; i < 16; i++) {
        out[2 * i] = (uint8_t)t[i];
        out[2 * i + 1] = (uint8_t)(t[i] >> 8);
    }
}

static void unpack(element out, const uint8_t in[32]) {
    for (unsigned i = 0; i < 16; i++)
        out[i] = in[2 * i] | in[2 * i + 1] << 8;
    out[15] &= 0x7fff;
}

static bool same(const element a, const element b) {
    uint8_t p[32], q[32];
    pack(p, a);
    pack(q, b);
    return memcmp(p, q, sizeof p) == 0;
}

/* base^exponent; the exponent is 2^bits - `less`, whose low byte alone has zero bits. */
static void power(element out, const element base, unsigned bits, unsigned less) {
    element result, b;
    unsigned low = 256 - less; /* low byte of the exponent */
    memcpy(b, base, sizeof b);
    memcpy(result, one, sizeof result);
    for (unsigned i = bits; i-- > 0;) {
        multiply(result, result, result);
        if (i >= 8 || low >> i & 1)
            multiply(result, result, b);
    }
    memcpy(out, result, sizeof result);
}

static void point_add(struct point *out, const struct point *p, const struct point *q) {
    element a, b, c, e, f, g, h, s, u;
    subtract(s, p->y, p->x);
    subtract(u, q->y, q->x);
    multiply(a, s, u);
    add(s, p->y, p->x);
    add(u, q->y, q->x);
    multiply(b, s, u);
    multiply(c, p->t, q->t);
    multiply(c, c, d2);
    multiply(s, p->z, q->z);
    add(s, s, s);
    subtract(e, b, a);
    subtract(f, s, c);
    add(g, s, c);
    add(h, b, a);
    multiply(out->x, e, f);
    multiply(out->y, g, h);
    multiply(out->z, f, g);
    multiply(out->t, e, h);
}

static void point_times(struct point *out, const struct point *p, const uint8_t scalar[32]) {
    struct point sum = {.y = {1}, .z = {1}};
    for (unsigned i = 256; i-- > 0;) {
        point_add(&sum, &sum, &sum);
        if (scalar[i / 8] >> i % 8 & 1)
            point_add(&sum, &sum, p);
    }
    *out = sum;
}

static void point_pack(uint8_t out[32], const struct point *p) {
    element inverse, x, y;
    uint8_t packed[32];
    power(inverse, p->z, 255, 21); /* p - 2 = 2^255 - 21 */
    multiply(x, p->x, inverse);
    multiply(y, p->y, inverse);
    pack(out, y);
    pack(packed, x);
    out[31] ^= (uint8_t)(packed[0] << 7);
}

/* The point with the opposite x; false: the bytes are no point. */
static bool point_unpack_negative(struct point *out, const uint8_t in[32]) {
    element numerator, denominator, t, check;
    uint8_t packed[32];
    unpack(out->y, in);
    memcpy(out->z, one, sizeof out->z);
    multiply(t, out->y, out->y);
    subtract(numerator, t, one);
    multiply(denominator, t, d);
    add(denominator, denominator, one);
    multiply(t, denominator, denominator);
    multiply(check, t, denominator); /* v^3 */
    multiply(t, check, check);       /* v^6 */
    multiply(t, t, denominator);     /* v^7 */
    multiply(t, t, numerator);       /* u v^7 */
    power(t, t, 252, 3);             /* (p - 5) / 8 = 2^252 - 3 */
    multiply(t, t, check);
    multiply(out->x, t, numerator);
    multiply(check, out->x, out->x);
    multiply(check, check, denominator);
    if (!same(check, numerator))
        multiply(out->x, out->x, root);
    multiply(check, out->x, out->x);
    multiply(check, check, denominator);
    if (!same(check, numerator))
        return false;
    pack(packed, out->x);
    if ((packed[0] & 1) == in[31] >> 7)
        subtract(out->x, zero, out->x);
    multiply(out->t, out->x, out->y);
    return true;
}

static bool below_order(const uint8_t s[32]) {
    for (unsigned i = 32; i-- > 0;)
        if (s[i] != order[i])
            return s[i] < order[i];
    return false;
}

/* A number of 64 bytes modulo the order, bit by bit. */
static void reduce(uint8_t out[32], const uint8_t in[64]) {
    memset(out, 0, 32);
    for (unsigned i = 512; i-- > 0;) {
        unsigned over = in[i / 8] >> i % 8 & 1;
        for (unsigned k = 0; k < 32; k++) {
            over |= (unsigned)out[k] << 1;
            out[k] = (uint8_t)over;
            over >>= 8;
        }
        if (below_order(out))
            continue;
        int borrow = 0;
        for (unsigned k = 0; k < 32; k++) {
            borrow += out[k] - order[k];
            out[k] = (uint8_t)borrow;
            borrow = borrow < 0 ? -1 : 0;
        }
    }
}

bool ed25519_verify(const uint8_t signature[64], const void *message, size_t size,
                    const uint8_t key[32]) {
    struct point base = {.z = {1}}, sum, other;
    uint8_t digest[64], scalar[32], packed[32];
    const struct span pieces[3] = {{signature, 32}, {key, 32}, {message, size}};
    if (!below_order(signature + 32) || !point_unpack_negative(&other, key))
        return false;
    memcpy(base.x, base_x, sizeof base.x);
    memcpy(base.y, base_y, sizeof base.y);
    memcpy(base.t, base_t, sizeof base.t);
    sha512_of(pieces, 3, digest);
    reduce(scalar, digest);
    point_times(&other, &other, scalar);
    point_times(&sum, &base, signature + 32);
    point_add(&sum, &sum, &other);
    point_pack(packed, &sum);
    return memcmp(packed, signature, 32) == 0;
}
