/* SPDX-License-Identifier: Apache-2.0 */
/* How long a process, or all children that it has waited for, had a processor. */
#ifndef MT_BASE_PROCESSOR_TIME_H
#define MT_BASE_PROCESSOR_TIME_H

#include <stdint.h>
#include <sys/resource.h>

/* The sum of user and kernel mode, in microseconds. */
static inline int64_t mt_processor_time_us(const struct rusage *used)
{
    return ((int64_t)used->ru_utime.tv_sec + used->ru_stime.tv_sec) * 1000000 +
           used->ru_utime.tv_usec + used->ru_stime.tv_usec;
}

#endif
