/* Sessions of mbedTLS 2.28; see posix_tls.h. */
#include "port/posix/posix_tls.h"

#include <arpa/inet.h>
#include <errno.h>
#include <mbedtls/ctr_drbg.h>
#include <mbedtls/entropy.h>
#include <mbedtls/ssl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

/* Where Linux distributions keep the authorities everybody trusts. */
static const char system_authorities[] = "/etc/ssl/certs/ca-certificates.crt";

struct posix_tls {
    int fd;
    uint32_t address; /* the host as IPv4 address; 0: it is a name */
    mbedtls_entropy_context entropy;
    mbedtls_ctr_drbg_context random;
    mbedtls_x509_crt authorities;
    mbedtls_ssl_config config;
    mbedtls_ssl_context ssl;
    uint8_t *out; /* encrypted, not yet taken by the socket */
    size_t out_size;
};

/* --- the socket below --- */

static void out_send(struct posix_tls *tls) {
    if (!tls->out_size)
        return;
    ssize_t sent = send(tls->fd, tls->out, tls->out_size, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent < 0 && errno != EAGAIN && errno != EINTR)
        sent = (ssize_t)tls->out_size; /* broken: reading tells */
    if (sent <= 0)
        return;
    tls->out_size -= (size_t)sent;
    memmove(tls->out, tls->out + sent, tls->out_size);
}

static int below_write(void *context, const unsigned char *data, size_t size) {
    struct posix_tls *tls = context;
    uint8_t *grown = realloc(tls->out, tls->out_size + size);
    if (!grown)
        return MBEDTLS_ERR_SSL_ALLOC_FAILED;
    memcpy(grown + tls->out_size, data, size);
    tls->out = grown;
    tls->out_size += size;
    out_send(tls);
    return (int)size;
}

static int below_read(void *context, unsigned char *data, size_t size) {
    struct posix_tls *tls = context;
    ssize_t got = recv(tls->fd, data, size, MSG_DONTWAIT);
    if (got < 0)
        return errno == EAGAIN || errno == EINTR ? MBEDTLS_ERR_SSL_WANT_READ
                                                 : MBEDTLS_ERR_SSL_CONN_EOF;
    return (int)got;
}

/* --- who is the other end? --- */

/* mbedTLS 2.28 compares names only; brokers are often given by address. */
static bool names_address(const mbedtls_x509_crt *certificate, uint32_t address) {
    enum { IP_ADDRESS = MBEDTLS_ASN1_CONTEXT_SPECIFIC | 7 };
    uint32_t wanted = htonl(address);
    for (const mbedtls_asn1_sequence *s = &certificate->subject_alt_names; s; s = s->next)
        if (s->buf.tag == IP_ADDRESS && s->buf.len == sizeof wanted &&
            memcmp(s->buf.p, &wanted, sizeof wanted) == 0)
            return true;
    return false;
}

static int verified(void *context, mbedtls_x509_crt *certificate, int depth, uint32_t *flags) {
    const struct posix_tls *tls = context;
    if (depth == 0 && tls->address && names_address(certificate, tls->address))
        *flags &= ~(uint32_t)MBEDTLS_X509_BADCERT_CN_MISMATCH;
    return 0;
}

static const char *refusal(uint32_t flags) {
    static const struct {
        uint32_t flag;
        const char *why;
    } rows[] = {
        {MBEDTLS_X509_BADCERT_EXPIRED, "TLS: the certificate there has expired"},
        {MBEDTLS_X509_BADCERT_FUTURE, "TLS: the certificate there is not valid yet"},
        {MBEDTLS_X509_BADCERT_NOT_TRUSTED,
         "TLS: the certificate there is not signed by the one in the settings"},
        {MBEDTLS_X509_BADCERT_CN_MISMATCH, "TLS: the certificate there is for another name"},
        {MBEDTLS_X509_BADCERT_MISSING, "TLS: there is no certificate there"},
    };
    for (unsigned i = 0; i < sizeof rows / sizeof *rows; i++)
        if (flags & rows[i].flag)
            return rows[i].why;
    return "TLS: the certificate there is not acceptable";
}

static const char *failure(const struct posix_tls *tls, int code) {
    switch (code) {
    case MBEDTLS_ERR_X509_CERT_VERIFY_FAILED:
        return refusal(mbedtls_ssl_get_verify_result(&tls->ssl));
    case MBEDTLS_ERR_SSL_CONN_EOF:
        return "TLS: the other end closed the connection during the handshake";
    case MBEDTLS_ERR_SSL_INVALID_RECORD:
        return "TLS: the other end does not speak TLS";
    case MBEDTLS_ERR_SSL_FATAL_ALERT_MESSAGE:
        return "TLS: the other end refused the handshake";
    case MBEDTLS_ERR_SSL_BAD_HS_PROTOCOL_VERSION:
    case MBEDTLS_ERR_SSL_NO_CIPHER_CHOSEN:
        return "TLS: the other end speaks no TLS 1.2 that is known here";
    default:
        return "TLS: the handshake failed";
    }
}

/* --- life --- */

static const char *authorities_read(struct posix_tls *tls, const struct hal_tls *wanted) {
    if (!wanted->ca)
        return mbedtls_x509_crt_parse_file(&tls->authorities, system_authorities) < 0
                   ? "TLS: this system has no list of authorities; name a certificate in mqtt_cert"
                   : NULL;
    size_t size = wanted->ca_size;
    bool pem = size && strstr(wanted->ca, "-----BEGIN");
    return mbedtls_x509_crt_parse(&tls->authorities, (const unsigned char *)wanted->ca,
                                  size + pem) != 0
               ? "TLS: the file named by mqtt_cert holds no certificate"
               : NULL;
}

static const char *prepare(struct posix_tls *tls, const char *host, const struct hal_tls *wanted) {
    const char *why = wanted->verify ? authorities_read(tls, wanted) : NULL;
    struct in_addr in;
    if (why)
        return why;
    tls->address = inet_pton(AF_INET, host, &in) == 1 ? ntohl(in.s_addr) : 0;
    if (mbedtls_ctr_drbg_seed(&tls->random, mbedtls_entropy_func, &tls->entropy, NULL, 0) != 0 ||
        mbedtls_ssl_config_defaults(&tls->config, MBEDTLS_SSL_IS_CLIENT,
                                    MBEDTLS_SSL_TRANSPORT_STREAM, MBEDTLS_SSL_PRESET_DEFAULT) != 0)
        return "TLS: no memory or no randomness";
    mbedtls_ssl_conf_min_version(&tls->config, MBEDTLS_SSL_MAJOR_VERSION_3,
                                 MBEDTLS_SSL_MINOR_VERSION_3); /* TLS 1.2 */
    mbedtls_ssl_conf_authmode(&tls->config, wanted->verify ? MBEDTLS_SSL_VERIFY_REQUIRED
                                                           : MBEDTLS_SSL_VERIFY_NONE);
    mbedtls_ssl_conf_ca_chain(&tls->config, &tls->authorities, NULL);
    mbedtls_ssl_conf_verify(&tls->config, verified, tls);
    mbedtls_ssl_conf_rng(&tls->config, mbedtls_ctr_drbg_random, &tls->random);
    if (mbedtls_ssl_setup(&tls->ssl, &tls->config) != 0 ||
        mbedtls_ssl_set_hostname(&tls->ssl, host) != 0)
        return "TLS: no memory";
    mbedtls_ssl_set_bio(&tls->ssl, tls, below_write, below_read, NULL);
    return NULL;
}

struct posix_tls *posix_tls_new(const char *host, const struct hal_tls *wanted, const char **why) {
    struct posix_tls *tls = calloc(1, sizeof *tls);
    *why = "TLS: no memory";
    if (!tls)
        return NULL;
    tls->fd = -1;
    mbedtls_entropy_init(&tls->entropy);
    mbedtls_ctr_drbg_init(&tls->random);
    mbedtls_x509_crt_init(&tls->authorities);
    mbedtls_ssl_config_init(&tls->config);
    mbedtls_ssl_init(&tls->ssl);
    *why = prepare(tls, host, wanted);
    if (!*why)
        return tls;
    posix_tls_free(tls);
    return NULL;
}

void posix_tls_free(struct posix_tls *tls) {
    if (!tls)
        return;
    mbedtls_ssl_free(&tls->ssl);
    mbedtls_ssl_config_free(&tls->config);
    mbedtls_x509_crt_free(&tls->authorities);
    mbedtls_ctr_drbg_free(&tls->random);
    mbedtls_entropy_free(&tls->entropy);
    free(tls->out);
    free(tls);
}

void posix_tls_attach(struct posix_tls *tls, int fd) {
    tls->fd = fd;
}

/* --- work --- */

enum posix_tls_step posix_tls_shake(struct posix_tls *tls, const char **why) {
    out_send(tls);
    int code = mbedtls_ssl_handshake(&tls->ssl);
    if (code == 0)
        return POSIX_TLS_READY;
    if (code == MBEDTLS_ERR_SSL_WANT_READ || code == MBEDTLS_ERR_SSL_WANT_WRITE)
        return POSIX_TLS_WAIT;
    *why = failure(tls, code);
    return POSIX_TLS_FAILED;
}

static ssize_t result(int code) {
    if (code >= 0)
        return code;
    if (code == MBEDTLS_ERR_SSL_PEER_CLOSE_NOTIFY || code == MBEDTLS_ERR_SSL_CONN_EOF)
        return 0;
    errno = code == MBEDTLS_ERR_SSL_WANT_READ || code == MBEDTLS_ERR_SSL_WANT_WRITE ? EAGAIN
                                                                                    : ECONNRESET;
    return -1;
}

ssize_t posix_tls_read(struct posix_tls *tls, void *data, size_t size) {
    return result(mbedtls_ssl_read(&tls->ssl, data, size));
}

ssize_t posix_tls_write(struct posix_tls *tls, const void *data, size_t size) {
    if (posix_tls_blocked(tls)) {
        errno = EAGAIN;
        return -1;
    }
    return result(mbedtls_ssl_write(&tls->ssl, data, size));
}

bool posix_tls_blocked(struct posix_tls *tls) {
    out_send(tls);
    return tls->out_size > 0;
}

bool posix_tls_holds(const struct posix_tls *tls) {
    return mbedtls_ssl_get_bytes_avail(&tls->ssl) > 0;
}

void posix_tls_end(struct posix_tls *tls) {
    if (tls->fd >= 0)
        mbedtls_ssl_close_notify(&tls->ssl);
}
