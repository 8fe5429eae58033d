/* A wall clock that jumps: preloaded into a program, it moves what the system says the time is by as many seconds as the
   file named by YILIAN_SHIFT holds. Intervals are not touched, as they are not when somebody sets a clock. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>
#include <stdio.h>
#include <time.h>
#include <fcntl.h>
#include <unistd.h>

static long shift(void) {
    static int file = -1;
    char text[32] = {0};
    if (file < 0) {
        const char *name = getenv("YILIAN_SHIFT");
        file = name ? open(name, O_RDONLY | O_CLOEXEC) : -1;
    }
    if (file < 0 || pread(file, text, sizeof text - 1, 0) <= 0) return 0;
    return atol(text);
}

int clock_gettime(clockid_t clock, struct timespec *time) {
    static int (*system_clock)(clockid_t, struct timespec *);
    if (!system_clock)
        system_clock = (int (*)(clockid_t, struct timespec *))dlsym(RTLD_NEXT, "clock_gettime");
    int result = system_clock(clock, time);
    if (result == 0 && clock == CLOCK_REALTIME) time->tv_sec += shift();
    return result;
}
