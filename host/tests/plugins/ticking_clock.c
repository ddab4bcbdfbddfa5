/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A clock that ticks at each look, for QEMU to load (LD_PRELOAD): what it computes from two looks
 * differs for sure, where with the host's own it seldom does.
 */
#include <stddef.h>
#include <sys/select.h>
#include <time.h>

#include <migtest/abi.h>

enum { MICROSECONDS = 1000000 };

int gettimeofday(struct timeval *now, void *zone);

MT_EXPORT int gettimeofday(struct timeval *now, void *zone)
{
    static _Atomic suseconds_t looks;
    struct timespec real;

    (void)zone;
    clock_gettime(CLOCK_REALTIME, &real);
    suseconds_t microseconds = real.tv_nsec / 1000 + ++looks;
    now->tv_sec = real.tv_sec + microseconds / MICROSECONDS;
    now->tv_usec = microseconds % MICROSECONDS;
    return 0;
}
