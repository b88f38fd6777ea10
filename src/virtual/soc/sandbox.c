/* Resource limits and a seccomp filter. Address space is bounded by what libunicorn reserves for
 * translated code (1 GiB) plus room for the board. */
#include "virtual/soc/sandbox.h"

#include <seccomp.h>
#include <sys/resource.h>

enum { PROCESSOR_SECONDS = 600 };
#define ADDRESS_SPACE ((rlim_t)4 << 30)

static const int allowed[] = {
    SCMP_SYS(read),          SCMP_SYS(write),        SCMP_SYS(close),
    SCMP_SYS(mmap),          SCMP_SYS(munmap),       SCMP_SYS(mprotect),
    SCMP_SYS(mremap),        SCMP_SYS(madvise),      SCMP_SYS(brk),
    SCMP_SYS(futex),         SCMP_SYS(exit),         SCMP_SYS(exit_group),
    SCMP_SYS(rt_sigreturn),  SCMP_SYS(rt_sigaction), SCMP_SYS(rt_sigprocmask),
    SCMP_SYS(clock_gettime), SCMP_SYS(gettimeofday), SCMP_SYS(clock_nanosleep),
    SCMP_SYS(clone),         SCMP_SYS(clone3),       SCMP_SYS(fork),
    SCMP_SYS(wait4),         SCMP_SYS(poll),         SCMP_SYS(ppoll),
    SCMP_SYS(getpid),        SCMP_SYS(gettid),       SCMP_SYS(set_robust_list),
    SCMP_SYS(newfstatat),    SCMP_SYS(fstat),        SCMP_SYS(getrandom),
    SCMP_SYS(rseq),          SCMP_SYS(sched_yield),  SCMP_SYS(lseek),
};

static void limit(int what, rlim_t value) {
    struct rlimit l = {value, value};
    setrlimit((__rlimit_resource_t)what, &l);
}

bool sandbox_enter(void) {
    limit(RLIMIT_CPU, PROCESSOR_SECONDS);
#ifdef __SANITIZE_ADDRESS__
    return true; /* the sanitizer's runtime needs terabytes of addresses and more calls */
#endif
    limit(RLIMIT_AS, ADDRESS_SPACE);
    limit(RLIMIT_FSIZE, (rlim_t)64 << 20);
    limit(RLIMIT_CORE, 0);
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_KILL_PROCESS);
    bool ok = filter != 0;
    for (unsigned i = 0; ok && i < sizeof allowed / sizeof *allowed; i++)
        ok = seccomp_rule_add(filter, SCMP_ACT_ALLOW, allowed[i], 0) == 0;
    ok = ok && seccomp_load(filter) == 0;
    seccomp_release(filter);
    return ok;
}
