/* SPDX-License-Identifier: Apache-2.0 */
#include "runner/slots.h"

#include <inttypes.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"

/* A test mostly waits: for QEMU's windows of 100 ms, for passes, for processes to start. */
static const unsigned tests_per_core = 2;

static unsigned allowed_cores(void)
{
    cpu_set_t cores;

    return sched_getaffinity(0, sizeof(cores), &cores) == 0 ? (unsigned)CPU_COUNT(&cores) : 1;
}

/* "200000 100000": two cores' worth of each period; "max 100000": no limit. */
static unsigned cgroup_cores(unsigned most)
{
    MT_AUTO_FILE FILE *file = fopen("/sys/fs/cgroup/cpu.max", "re");
    long quota;
    long period;

    if (file == NULL || fscanf(file, "%ld %ld", &quota, &period) != 2 || period <= 0 ||
        quota <= 0) {
        return most;
    }
    unsigned cores = (unsigned)((quota + period - 1) / period);
    return cores < most ? cores : most;
}

static int64_t free_memory(void)
{
    MT_AUTO_FILE FILE *file = fopen("/proc/meminfo", "re");
    char line[256];
    int64_t kib;

    while (file != NULL && fgets(line, sizeof(line), file) != NULL) {
        if (sscanf(line, "MemAvailable: %" SCNd64 " kB", &kib) == 1) {
            return kib * 1024;
        }
    }
    return INT64_MAX;
}

unsigned mt_slots_here(int64_t guest_ram)
{
    const int64_t qemu_itself = 64 << 20;
    unsigned by_cores = cgroup_cores(allowed_cores()) * tests_per_core;
    int64_t by_memory = free_memory() / (2 * (guest_ram + qemu_itself));

    if (by_memory < 1) {
        return 1;
    }
    return by_memory < by_cores ? (unsigned)by_memory : by_cores;
}
