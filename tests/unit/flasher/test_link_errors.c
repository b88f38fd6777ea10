/* Every system call of a link with a file descriptor fails with every errno: the link must end with
 * a reason or go on, never hang or crash. */
#include "workbench/link/link.h"
#include "workbench/link/system.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "check.h"

static int fail_with, fail_call; /* 0 read, 1 write, 2 poll */
static int left;                 /* how many calls fail before they work again */

static bool fails(int call) {
    if (call != fail_call || left == 0)
        return false;
    left--;
    errno = fail_with;
    return true;
}
static ssize_t bad_read(int fd, void *data, size_t size) {
    return fails(0) ? -1 : read(fd, data, size);
}
static ssize_t bad_write(int fd, const void *data, size_t size) {
    return fails(1) ? -1 : write(fd, data, size);
}
static int bad_poll(struct pollfd *fds, unsigned long count, int timeout_ms) {
    return fails(2) ? -1 : poll(fds, count, timeout_ms);
}
static const struct link_system bad = {bad_read, bad_write, bad_poll};

static void drop(struct link *link) {
    (void)link;
}
static const struct link_ops ops = {.write = link_fd_write,
                                    .read = link_fd_read,
                                    .now_us = link_clock_us,
                                    .sleep_until = link_clock_sleep,
                                    .close = drop};

static void every_errno_has_an_end(void **state) {
    (void)state;
    int pair[2];
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, pair), 0);
    link_system = &bad;
    for (fail_call = 0; fail_call < 3; fail_call++)
        for (fail_with = 1; fail_with < 134; fail_with++) {
            struct link link = {.ops = &ops, .fd = pair[0], .name = "pair"};
            uint8_t byte;
            size_t got;
            left = 2;
            enum status out = link_write(&link, "x", 1);
            assert_int_equal(write(pair[1], "y", 1), 1);
            enum status in = link_read(&link, &byte, 1, link_now_us(&link) + 1000, &got);
            assert_true(out == STATUS_OK || link.why[0]);
            assert_true(in == STATUS_OK || link.why[0]);
            bool passing = fail_with == EINTR || fail_with == EAGAIN;
            if (fail_call == 1)
                assert_int_equal(out == STATUS_OK, passing);
            left = 0;
            while (read(pair[0], &byte, 1) == 1 || read(pair[1], &byte, 1) == 1)
                ;
        }
    link_system = &link_system_real;
    close(pair[0]);
    close(pair[1]);
}

static void closed_connection_is_said(void **state) {
    (void)state;
    int pair[2];
    uint8_t byte;
    size_t got;
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, pair), 0);
    struct link link = {.ops = &ops, .fd = pair[0], .name = "pair"};
    close(pair[1]);
    assert_int_equal(link_read(&link, &byte, 1, link_now_us(&link) + 1000000, &got), STATUS_IO);
    assert_non_null(strstr(link.why, "closed the connection"));
    close(pair[0]);
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
        cmocka_unit_test(every_errno_has_an_end),
        cmocka_unit_test(closed_connection_is_said),
        cmocka_unit_test(nonsense_ports_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
