/* A disk that needs longer: sleeps SLOWSYNC_US microseconds (default 1000) before each fsync and fdatasync.
   gcc -shared -fPIC -O2 -o slowsync.so slowsync.c -ldl; LD_PRELOAD=$PWD/slowsync.so dotnet ... */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>
#include <time.h>

static void be_slow(void)
{
    const char *given = getenv("SLOWSYNC_US");
    long us = given ? atol(given) : 1000;
    struct timespec pause = { us / 1000000, (us % 1000000) * 1000 };
    nanosleep(&pause, NULL);
}

int fsync(int fd)
{
    be_slow();
    return ((int (*)(int))dlsym(RTLD_NEXT, "fsync"))(fd);
}

int fdatasync(int fd)
{
    be_slow();
    return ((int (*)(int))dlsym(RTLD_NEXT, "fdatasync"))(fd);
}
