/* Every system call of every link, and of listing ports, fails with every errno, at its first and
 * at later uses: opening and using a link must end with a reason or go on, and never hang, crash or
 * leave a file open. */
#include "workbench/link/link.h"
#include "workbench/link/ports.h"
#include "workbench/link/system.h"

#include <asm/termbits.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <unistd.h>

#include "check.h"

enum call {
    READ,
    WRITE,
    POLL,
    OPEN,
    IOCTL,
    SOCKET,
    CONNECT,
    GETSOCKOPT,
    SETSOCKOPT,
    GETADDRINFO,
    LIST_PORTS,
    PORT_BY_NAME,
    CLOSE,
    CLOCK,
};
enum { ERRNOS = 134, LATER = 24 };

static struct {
    enum call call;
    int number, skip; /* fails once, after so many good calls */
    bool done;
} fault;

static bool fails(enum call call) {
    if (fault.done || call != fault.call || fault.skip-- > 0)
        return false;
    fault.done = true;
    errno = fault.number;
    return true;
}

static int far_end = -1; /* of the socket that stands in for a connection */

static ssize_t bad_read(int fd, void *data, size_t size) {
    return fails(READ) ? -1 : read(fd, data, size);
}
/* The far end confirms a rate of 115200 whenever it is asked for one (RFC 2217). */
static ssize_t bad_write(int fd, const void *data, size_t size) {
    static const uint8_t asked[] = {255, 250, 44, 1};
    static const uint8_t confirmed[] = {255, 250, 44, 101, 0, 1, 0xC2, 0, 255, 240};
    if (fails(WRITE))
        return -1;
    if (far_end >= 0 && memmem(data, size, asked, sizeof asked) &&
        write(far_end, confirmed, sizeof confirmed) != sizeof confirmed)
        return -1;
    return write(fd, data, size);
}
static int bad_poll(struct pollfd *fds, unsigned long count, int timeout_ms) {
    return fails(POLL) ? -1 : poll(fds, count, timeout_ms);
}
static int bad_open(const char *path, int flags) {
    return fails(OPEN) ? -1 : open(path, flags);
}
static int bad_ioctl(int fd, unsigned long request, void *argument) {
    return fails(IOCTL) ? -1 : link_system_real.ioctl(fd, request, argument);
}
/* As Linux does it: whatever it says, the file is closed. */
static int bad_close(int fd) {
    close(fd);
    return fails(CLOSE) ? -1 : 0;
}
static int bad_clock(clockid_t clock, struct timespec *now) {
    return fails(CLOCK) ? -1 : clock_gettime(clock, now);
}
/* A socket pair stands in for a connection. */
static int bad_socket(int domain, int type, int protocol) {
    int pair[2];
    (void)domain;
    (void)type;
    (void)protocol;
    if (fails(SOCKET) || socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, pair) != 0)
        return -1;
    if (far_end >= 0)
        close(far_end);
    far_end = pair[1];
    return pair[0];
}
static int bad_connect(int fd, const struct sockaddr *address, socklen_t size) {
    (void)fd;
    (void)address;
    (void)size;
    return fails(CONNECT) ? -1 : 0;
}
static int bad_getsockopt(int fd, int level, int name, void *value, socklen_t *size) {
    return fails(GETSOCKOPT) ? -1 : getsockopt(fd, level, name, value, size);
}
static int bad_setsockopt(int fd, int level, int name, const void *value, socklen_t size) {
    (void)fd;
    (void)level;
    (void)name;
    (void)value;
    (void)size;
    return fails(SETSOCKOPT) ? -1 : 0;
}
static int bad_getaddrinfo(const char *host, const char *port, const struct addrinfo *hints,
                           struct addrinfo **list) {
    return fails(GETADDRINFO) ? EAI_SYSTEM : getaddrinfo(host, port, hints, list);
}
static int bad_list_ports(struct sp_port ***list) {
    return fails(LIST_PORTS) ? -2 : link_system_real.list_ports(list);
}
static int bad_port_by_name(const char *name, struct sp_port **port) {
    return fails(PORT_BY_NAME) ? -2 : link_system_real.port_by_name(name, port);
}
static const struct link_system bad = {
    .read = bad_read,
    .write = bad_write,
    .poll = bad_poll,
    .open = bad_open,
    .close = bad_close,
    .clock_gettime = bad_clock,
    .ioctl = bad_ioctl,
    .socket = bad_socket,
    .connect = bad_connect,
    .getsockopt = bad_getsockopt,
    .setsockopt = bad_setsockopt,
    .getaddrinfo = bad_getaddrinfo,
    .list_ports = bad_list_ports,
    .port_by_name = bad_port_by_name,
};

static int open_files(void) {
    int count = 0;
    for (int fd = 0; fd < 64; fd++)
        count += fcntl(fd, F_GETFD) >= 0;
    return count;
}

/* One line that says something. */
static void reason(const struct link *link, enum status status) {
    if (status == STATUS_OK)
        return;
    assert_true(strlen(link->why) > 8);
    assert_null(strchr(link->why, '\n'));
}

/* Everything a link can do, once. */
static void use(struct link *link) {
    uint8_t byte;
    size_t got;
    uint64_t now = link_now_us(link);
    reason(link, link_write(link, "x", 1));
    reason(link, link_read(link, &byte, 1, now + 500, &got));
    reason(link, link_set_lines(link, true, false));
    reason(link, link_set_baud(link, 115200));
    reason(link, link_drain(link));
    reason(link, link_read(link, &byte, 1, now + 500, &got));
}

static void open_and_use(const char *name, enum call call, int number, int skip) {
    struct link link;
    int before = open_files() - (far_end >= 0);
    fault.call = call;
    fault.number = number;
    fault.skip = skip;
    fault.done = false;
    if (link_open(&link, name)) {
        use(&link);
        link.why[0] = '\0';
        reason(&link, link_close(&link));
    } else
        reason(&link, STATUS_IO);
    assert_int_equal(open_files() - (far_end >= 0), before);
}

static void every_call_with_every_errno(const char *name, const enum call *calls, size_t count) {
    link_system = &bad;
    for (size_t i = 0; i < count; i++)
        for (int number = 1; number < ERRNOS; number++)
            for (int skip = 0; skip < LATER; skip += number % 19 ? LATER : 1)
                open_and_use(name, calls[i], number, skip);
    link_system = &link_system_real;
}

static void a_tty_ends_with_a_reason(void **state) {
    (void)state;
    static const enum call calls[] = {OPEN, IOCTL, READ, WRITE, POLL, PORT_BY_NAME, CLOSE, CLOCK};
    int master = posix_openpt(O_RDWR | O_NOCTTY);
    assert_true(master >= 0 && grantpt(master) == 0 && unlockpt(master) == 0);
    every_call_with_every_errno(ptsname(master), calls, 8);
    close(master);
}

static void raw_tcp_ends_with_a_reason(void **state) {
    (void)state;
    static const enum call calls[] = {GETADDRINFO, SOCKET, CONNECT, SETSOCKOPT, READ,
                                      WRITE,       POLL,   CLOSE,   CLOCK};
    every_call_with_every_errno("tcp:127.0.0.1:9", calls, 9);
}

/* EINPROGRESS leads on to poll and getsockopt. */
static void a_slow_connection_ends_with_a_reason(void **state) {
    (void)state;
    link_system = &bad;
    for (int number = 1; number < ERRNOS; number++) {
        struct link link;
        fault.call = CONNECT;
        fault.number = EINPROGRESS;
        fault.skip = 0;
        fault.done = false;
        if (link_open(&link, "tcp:127.0.0.1:9"))
            link_close(&link);
        open_and_use("tcp:127.0.0.1:9", GETSOCKOPT, number, 0);
    }
    link_system = &link_system_real;
}

static void rfc2217_ends_with_a_reason(void **state) {
    (void)state;
    static const enum call calls[] = {GETADDRINFO, SOCKET, CONNECT, SETSOCKOPT, READ,
                                      WRITE,       POLL,   CLOSE,   CLOCK};
    every_call_with_every_errno("rfc2217:127.0.0.1:9", calls, 9);
}

/* What each call of an open link makes of an errno: EINTR (and, where nothing is ready, EAGAIN)
 * goes on, everything else ends the work with the reason. */
static enum status once(enum call call, int number, struct link *link) {
    uint8_t byte;
    size_t got;
    uint64_t now = link_now_us(link);
    fault.call = call;
    fault.number = number;
    fault.skip = 0;
    fault.done = false;
    link->why[0] = '\0';
    if (call == WRITE)
        return link_write(link, "x", 1);
    if (call == CLOSE)
        return link_close(link);
    if (call == CLOCK)
        link_now_us(link);
    if (call == READ && write(far_end, "x", 1) != 1)
        return STATUS_INTERNAL;
    return link_read(link, &byte, 1, now + 20000, &got);
}

static void an_interruption_goes_on_and_the_rest_is_said(void **state) {
    (void)state;
    static const enum call calls[] = {READ, WRITE, POLL, CLOCK, CLOSE};
    link_system = &bad;
    for (size_t i = 0; i < sizeof calls / sizeof *calls; i++)
        for (int number = 1; number < ERRNOS; number++) {
            struct link link;
            fault.done = true;
            assert_true(link_open(&link, "tcp:127.0.0.1:9"));
            bool transfers = calls[i] == READ || calls[i] == WRITE;
            bool goes_on = number == EINTR || (transfers && number == EAGAIN);
            enum status status = once(calls[i], number, &link);
            assert_int_equal(status, goes_on ? STATUS_OK : STATUS_IO);
            assert_true(fault.done);
            reason(&link, status);
            if (calls[i] == CLOCK && !goes_on) { /* it stands */
                assert_int_equal(link_write(&link, "x", 1), STATUS_IO);
                assert_non_null(strstr(link.why, "clock"));
            }
            link_close(&link);
        }
    link_system = &link_system_real;
}

static void count_port(void *context, const struct port_info *port) {
    assert_non_null(port->path);
    ++*(int *)context;
}

static void listing_ports_says_when_it_cannot(void **state) {
    (void)state;
    int seen = 0;
    int count = ports_list(count_port, &seen);
    assert_int_equal(count, seen);
    link_system = &bad;
    for (int number = 1; number < ERRNOS; number++) {
        fault.call = LIST_PORTS;
        fault.number = number;
        fault.skip = 0;
        fault.done = false;
        assert_int_equal(ports_list(count_port, &seen), -1);
    }
    link_system = &link_system_real;
}

/* A rate that an adapter does not do is not the same as an adapter that was pulled. */
static void a_pulled_adapter_is_not_a_missing_rate(void **state) {
    (void)state;
    static const struct {
        int number;
        enum status status;
    } rows[] = {{EINVAL, STATUS_UNSUPPORTED}, {EIO, STATUS_IO}, {ENODEV, STATUS_IO}};
    int master = posix_openpt(O_RDWR | O_NOCTTY);
    assert_true(master >= 0 && grantpt(master) == 0 && unlockpt(master) == 0);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct link link;
        fault.done = true;
        link_system = &bad;
        assert_true(link_open(&link, ptsname(master)));
        fault.call = IOCTL;
        fault.number = rows[i].number;
        fault.skip = 1; /* reading the settings works */
        fault.done = false;
        assert_int_equal(link_set_baud(&link, 921600), rows[i].status);
        link_system = &link_system_real;
        link_close(&link);
    }
    close(master);
}

static void a_closed_connection_is_said(void **state) {
    (void)state;
    struct link link;
    uint8_t byte;
    size_t got;
    fault.done = true;
    link_system = &bad;
    assert_true(link_open(&link, "tcp:127.0.0.1:9"));
    link_system = &link_system_real;
    close(far_end);
    far_end = -1;
    enum status status = STATUS_OK;
    for (int i = 0; i < 20 && status == STATUS_OK; i++) /* what was sent before comes first */
        status = link_read(&link, &byte, 1, link_now_us(&link) + 1000000, &got);
    assert_int_equal(status, STATUS_IO);
    assert_non_null(strstr(link.why, "closed the connection"));
    link_close(&link);
}

static void nonsense_ports_are_refused(void **state) {
    (void)state;
    static const char *const names[] = {
        "/dev/null",       "/nonexistent",        "tcp:", "tcp:127.0.0.1",
        "tcp:127.0.0.1:1", "rfc2217:127.0.0.1:1", ""};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        struct link link;
        assert_false(link_open(&link, names[i]));
        assert_true(link.why[0] != '\0');
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_tty_ends_with_a_reason),
        cmocka_unit_test(raw_tcp_ends_with_a_reason),
        cmocka_unit_test(a_slow_connection_ends_with_a_reason),
        cmocka_unit_test(rfc2217_ends_with_a_reason),
        cmocka_unit_test(an_interruption_goes_on_and_the_rest_is_said),
        cmocka_unit_test(listing_ports_says_when_it_cannot),
        cmocka_unit_test(a_pulled_adapter_is_not_a_missing_rate),
        cmocka_unit_test(a_closed_connection_is_said),
        cmocka_unit_test(nonsense_ports_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
