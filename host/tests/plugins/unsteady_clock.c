/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A clock that is ahead at every other look, for QEMU to load (LD_PRELOAD): what it computes from
 * two looks differs for sure from what the host's own clock gives, in which two looks are a
 * microsecond or two apart. It does not run away from the host's, whose seconds it must keep.
 */
#include <stddef.h>
#include <sys/select.h>
#include <time.h>

#include <migtest/abi.h>

enum { MICROSECONDS = 1000000, AHEAD = 50 };

int gettimeofday(struct timeval *now, void *zone);

MT_EXPORT int gettimeofday(struct timeval *now, void *zone)
{
    static _Thread_local unsigned looks;
    struct timespec real;

    (void)zone;
    clock_gettime(CLOCK_REALTIME, &real);
    suseconds_t microseconds = real.tv_nsec / 1000 + (++looks % 2 == 0 ? AHEAD : 0);
    now->tv_sec = real.tv_sec + microseconds / MICROSECONDS;
    now->tv_usec = microseconds % MICROSECONDS;
    return 0;
}
