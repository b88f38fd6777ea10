/* Resolver threads; see posix_resolve.h. A job belongs to its thread until it stands in the list of
 * answers. The resolver belongs to the loop and to every thread that is still at work: a name
 * server may take longer to answer than the loop lives, and whoever is last tidies up. */
#include "port/posix/posix_resolve.h"

#include <arpa/inet.h>
#include <errno.h>
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

struct job {
    struct posix_resolver *resolver;
    struct job *next;
    char name[256];
    uint64_t key;
    uint32_t address;
    bool abandoned; /* touched by the loop's thread only */
};

struct posix_resolver {
    pthread_mutex_t lock;        /* of what follows */
    int pipe[2];                 /* readable: there are answers */
    struct job *answers, **last; /* in the order they came */
    unsigned users;              /* the loop, and threads at work */
    bool closed;                 /* the loop is gone */
    unsigned running;            /* touched by the loop's thread only */
};

struct posix_resolver *posix_resolver_new(void) {
    struct posix_resolver *r = calloc(1, sizeof *r);
    if (!r || pipe2(r->pipe, O_CLOEXEC | O_NONBLOCK) != 0) {
        free(r);
        return NULL;
    }
    pthread_mutex_init(&r->lock, NULL);
    r->last = &r->answers;
    r->users = 1;
    return r;
}

/* The first answer; NULL: there is none, and the pipe is empty, too. */
static struct job *take_answer(struct posix_resolver *r) {
    char bytes[64];
    struct job *job = r->answers;
    if (!job) {
        while (read(r->pipe[0], bytes, sizeof bytes) > 0)
            ;
        return NULL;
    }
    r->answers = job->next;
    if (!r->answers)
        r->last = &r->answers;
    return job;
}

/* One user less; with the lock held, which is let go. */
static void leave(struct posix_resolver *r) {
    bool last = --r->users == 0;
    pthread_mutex_unlock(&r->lock);
    if (!last)
        return;
    close(r->pipe[0]);
    close(r->pipe[1]);
    pthread_mutex_destroy(&r->lock);
    free(r);
}

void posix_resolver_free(struct posix_resolver *resolver) {
    struct job *job;
    if (!resolver)
        return;
    pthread_mutex_lock(&resolver->lock);
    resolver->closed = true;
    while ((job = take_answer(resolver)))
        free(job);
    leave(resolver);
}

int posix_resolver_fd(const struct posix_resolver *resolver) {
    return resolver->pipe[0];
}

/* A full pipe is readable anyway. */
static void answer(struct job *job) {
    struct posix_resolver *r = job->resolver;
    pthread_mutex_lock(&r->lock);
    if (r->closed) {
        free(job);
    } else {
        *r->last = job;
        r->last = &job->next;
        if (write(r->pipe[1], "", 1) < 0 && errno != EAGAIN)
            perror("resolver");
    }
    leave(r);
}

/* Signals belong to the loop's thread. */
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
    answer(job);
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
    job->resolver = resolver;
    pthread_mutex_lock(&resolver->lock);
    resolver->users++;
    pthread_mutex_unlock(&resolver->lock);
    if (pthread_create(&thread, NULL, work, job) != 0) {
        free(job);
        pthread_mutex_lock(&resolver->lock);
        leave(resolver);
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
    for (;;) {
        pthread_mutex_lock(&resolver->lock);
        struct job *job = take_answer(resolver);
        pthread_mutex_unlock(&resolver->lock);
        if (!job)
            return false;
        bool wanted = !job->abandoned;
        *key = job->key;
        *address = job->address;
        free(job);
        resolver->running--;
        if (wanted)
            return true;
    }
}
