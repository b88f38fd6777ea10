/* Resolver threads; see posix_resolve.h. A job belongs to its thread until its pointer comes out of
 * the pipe. */
#include "port/posix/posix_resolve.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { JOBS_MAX = 32 };

struct posix_resolver {
    int pipe[2];
    unsigned running;
};

/* Answers travel as the address of their job. */
enum { POINTER = sizeof(void *) };

struct job {
    int answer; /* end of the pipe to write to */
    char name[256];
    uint64_t key;
    uint32_t address;
    bool abandoned; /* touched by the loop's thread only */
};

struct posix_resolver *posix_resolver_new(void) {
    struct posix_resolver *r = calloc(1, sizeof *r);
    if (r && pipe2(r->pipe, O_CLOEXEC) == 0) {
        fcntl(r->pipe[0], F_SETFL, O_NONBLOCK);
        return r;
    }
    free(r);
    return NULL;
}

void posix_resolver_free(struct posix_resolver *resolver) {
    if (!resolver)
        return;
    close(resolver->pipe[0]);
    if (!resolver->running) /* else a thread may still write */
        close(resolver->pipe[1]);
    free(resolver);
}

int posix_resolver_fd(const struct posix_resolver *resolver) {
    return resolver->pipe[0];
}

/* Signals belong to the loop's thread; and a loop that is gone must not end us by its pipe. */
static void *work(void *argument) {
    struct job *job = argument;
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, NULL);
    struct addrinfo hints = {.ai_family = AF_INET, .ai_socktype = SOCK_STREAM}, *found = NULL;
    if (getaddrinfo(job->name, NULL, &hints, &found) == 0 && found) {
        struct sockaddr_in in;
        memcpy(&in, found->ai_addr, sizeof in);
        job->address = ntohl(in.sin_addr.s_addr);
    }
    if (found)
        freeaddrinfo(found);
    if (write(job->answer, &job, POINTER) != POINTER)
        free(job);
    return NULL;
}

void *posix_resolve(struct posix_resolver *resolver, const char *name, uint64_t key) {
    pthread_t thread;
    struct job *job = resolver->running < JOBS_MAX && strlen(name) < sizeof job->name
                          ? calloc(1, sizeof *job)
                          : NULL;
    if (!job)
        return NULL;
    snprintf(job->name, sizeof job->name, "%s", name);
    job->key = key;
    job->answer = resolver->pipe[1];
    if (pthread_create(&thread, NULL, work, job) != 0) {
        free(job);
        return NULL;
    }
    pthread_detach(thread);
    resolver->running++;
    return job;
}

void posix_resolve_abandon(void *job) {
    if (job)
        ((struct job *)job)->abandoned = true;
}

bool posix_resolve_next(struct posix_resolver *resolver, uint64_t *key, uint32_t *address) {
    struct job *job;
    while (read(resolver->pipe[0], &job, POINTER) == POINTER) {
        bool wanted = !job->abandoned;
        *key = job->key;
        *address = job->address;
        free(job);
        resolver->running--;
        if (wanted)
            return true;
    }
    return false;
}
