/* The chip subcommands as the user runs them, over TCP and over a pty, against a small chip that a
 * thread serves. */
#include "cli/commands.h"
#include "fake_chip.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <sys/socket.h>
#include <termios.h>
#include <unistd.h>

#include "check.h"

enum { SIZE = 2 << 20 };
static struct fake fake;
static struct {
    pthread_t thread;
    int fd, listener;
    volatile bool stop;
    char port[64];
} server;
static char folder[64], path[128];

static void serve_fd(int fd) {
    uint8_t buffer[8192];
    while (!server.stop) {
        struct pollfd p = {.fd = fd, .events = POLLIN};
        if (poll(&p, 1, 20) <= 0)
            continue;
        ssize_t n = read(fd, buffer, sizeof buffer);
        if (n <= 0)
            return;
        fake_write(&fake.link, buffer, (size_t)n);
        fake.now += 1000;
        for (size_t got = 1; got;) {
            got = 0;
            fake_read(&fake.link, buffer, sizeof buffer, fake.now, &got);
            for (size_t at = 0; at < got && !server.stop;) {
                ssize_t w = write(fd, buffer + at, got - at);
                if (w > 0)
                    at += (size_t)w;
                else
                    usleep(200);
            }
        }
    }
}

static void *serve(void *context) {
    (void)context;
    while (!server.stop && server.listener >= 0) {
        struct pollfd p = {.fd = server.listener, .events = POLLIN};
        if (poll(&p, 1, 20) <= 0)
            continue;
        int fd = accept(server.listener, NULL, NULL);
        serve_fd(fd);
        close(fd);
    }
    if (server.listener < 0)
        serve_fd(server.fd);
    return NULL;
}

static void start_tcp(enum beken_family family) {
    struct sockaddr_in a = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof a;
    fake_open(&fake, family, SIZE);
    fake_fill(&fake, 0x60000, 3);
    server.stop = false;
    server.listener = socket(AF_INET, SOCK_STREAM, 0);
    assert_int_equal(bind(server.listener, (struct sockaddr *)&a, sizeof a), 0);
    assert_int_equal(listen(server.listener, 1), 0);
    getsockname(server.listener, (struct sockaddr *)&a, &size);
    snprintf(server.port, sizeof server.port, "tcp:127.0.0.1:%d", ntohs(a.sin_port));
    pthread_create(&server.thread, NULL, serve, NULL);
}

static void start_pty(enum beken_family family) {
    fake_open(&fake, family, SIZE);
    fake_fill(&fake, 0x60000, 3);
    server.stop = false;
    server.listener = -1;
    server.fd = posix_openpt(O_RDWR | O_NOCTTY | O_NONBLOCK);
    assert_true(server.fd >= 0 && grantpt(server.fd) == 0 && unlockpt(server.fd) == 0);
    snprintf(server.port, sizeof server.port, "%s", ptsname(server.fd));
    int slave = open(server.port, O_RDWR | O_NOCTTY); /* raw before anybody writes */
    struct termios t;
    tcgetattr(slave, &t);
    cfmakeraw(&t);
    tcsetattr(slave, TCSANOW, &t);
    pthread_create(&server.thread, NULL, serve, NULL);
}

static void stop(void) {
    server.stop = true;
    pthread_join(server.thread, NULL);
    close(server.listener >= 0 ? server.listener : server.fd);
    link_close(&fake.link);
}

static enum cli_exit run(const struct cli_command *command, const char *a, const char *b,
                         const char *c) {
    char *argv[] = {(char *)"-p", server.port,          (char *)"-t",        (char *)"10",
                    (char *)a,    (char *)(b ? b : ""), (char *)(c ? c : "")};
    return cli_run(command, 4 + !!a + !!b + !!c, argv);
}

static void file_equals_flash(const char *name) {
    static uint8_t copy[SIZE];
    FILE *f = fopen(name, "rb");
    assert_non_null(f);
    assert_int_equal(fread(copy, 1, SIZE, f), SIZE);
    fclose(f);
    assert_memory_equal(copy, fake.flash, SIZE);
}

static void round_trip(void) {
    char map[140];
    snprintf(map, sizeof map, "%s.map", path);
    unlink(path);
    unlink(map);
    assert_int_equal(run(&cmd_backup, path, NULL, NULL), CLI_OK);
    file_equals_flash(path);
    assert_int_equal(access(map, F_OK), 0);
    assert_int_equal(run(&cmd_verify, path, NULL, NULL), CLI_OK);
    assert_int_equal(run(&cmd_info, NULL, NULL, NULL), CLI_OK);
    fake.flash[0x20010] ^= 1;
    assert_int_equal(run(&cmd_verify, path, NULL, NULL), CLI_FAILED);
    assert_int_equal(run(&cmd_backup, path, NULL, NULL), CLI_FAILED); /* not overwritten */
    assert_int_equal(run(&cmd_erase, "0x30000", "0x2000", "--yes"), CLI_OK);
    assert_true(fake.flash[0x30000] == 0xFF && fake.flash[0x31FFF] == 0xFF);
    assert_int_equal(run(&cmd_erase, "0", "0x1000", "--yes"), CLI_OK);
    assert_int_equal(fake.sent_low, 0); /* the bootloader was kept */
    assert_int_equal(run(&cmd_erase, "5", "0x1000", "--yes"), CLI_USAGE);
}

static void verbs_work_over_tcp(void **state) {
    (void)state;
    start_tcp(BEKEN_FAMILY_F);
    round_trip();
    stop();
    start_tcp(BEKEN_FAMILY_B);
    round_trip();
    stop();
}

static void verbs_work_over_a_pty(void **state) {
    (void)state;
    start_pty(BEKEN_FAMILY_F);
    round_trip();
    stop();
    start_pty(BEKEN_FAMILY_B);
    round_trip();
    stop();
}

static void silence_is_explained(void **state) {
    (void)state;
    start_tcp(BEKEN_FAMILY_F);
    fake.faults.lose_out = 1000000;
    char *argv[] = {(char *)"-p", server.port, (char *)"-t", (char *)"2"};
    assert_int_equal(cli_run(&cmd_doctor, 4, argv), CLI_FAILED);
    stop();
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(verbs_work_over_tcp),
        cmocka_unit_test(verbs_work_over_a_pty),
        cmocka_unit_test(silence_is_explained),
    };
    snprintf(folder, sizeof folder, "/tmp/plugsmith-test-XXXXXX");
    if (!mkdtemp(folder))
        return 1;
    setenv("XDG_STATE_HOME", folder, 1);
    snprintf(path, sizeof path, "%s/copy.bin", folder);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
