/* SPDX-License-Identifier: Apache-2.0 */
#include "runner/slots.h"

#include <inttypes.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>

#include "base/cgroup.h"
#include "base/cleanup.h"

/*
 * A test often waits: for QEMU's windows of 100 ms, for the other side, for the guest's rests.
 * Other tests use the cores meanwhile. On two cores the tests of the default manifest took 20.4 s
 * with two tests at once, 17.3 s with three and 16.8 s with four; the twelve quick tests of
 * upstream took 7.0, 6.0 and 5.9 s.
 */
static const double tests_per_core = 2;

static struct mt_cgroup_limits own_limits(void)
{
    return mt_cgroup_limits(mt_cgroup_mount(), "/proc/self/cgroup");
}

double mt_cores_here(void)
{
    struct mt_cgroup_limits limits = own_limits();
    cpu_set_t cores;
    double allowed =
        sched_getaffinity(0, sizeof(cores), &cores) == 0 ? (double)CPU_COUNT(&cores) : 1;

    return limits.cores > 0 && limits.cores < allowed ? limits.cores : allowed;
}

double mt_tests_for(double cores)
{
    return cores * tests_per_core;
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

static int64_t memory_here(void)
{
    struct mt_cgroup_limits limits = own_limits();
    int64_t free_bytes = free_memory();

    return limits.memory >= 0 && limits.memory < free_bytes ? limits.memory : free_bytes;
}

unsigned mt_slots_for(double cores, int64_t memory, int64_t guest_ram)
{
    const int64_t qemu_itself = 64 << 20;
    double by_cores = mt_tests_for(cores);
    double by_memory = (double)memory / (double)(2 * (guest_ram + qemu_itself));
    double slots = by_memory < by_cores ? by_memory : by_cores;

    return slots < 1 ? 1 : (unsigned)slots;
}

unsigned mt_slots_here(int64_t guest_ram)
{
    return mt_slots_for(mt_cores_here(), memory_here(), guest_ram);
}
