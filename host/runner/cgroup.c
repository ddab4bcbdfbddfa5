/* SPDX-License-Identifier: Apache-2.0 */
#include "runner/cgroup.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/text.h"

static FILE *open_in(const char *folder, const char *name)
{
    MT_AUTO_FREE char *path = mt_text("%s/%s", folder, name);

    return fopen(path, "re");
}

/* -1: there is none, or it is "max". */
static int64_t read_number(const char *folder, const char *name)
{
    MT_AUTO_FILE FILE *file = open_in(folder, name);
    int64_t value;

    return file != NULL && fscanf(file, "%" SCNd64, &value) == 1 ? value : -1;
}

static int64_t read_statistic(const char *folder, const char *member)
{
    MT_AUTO_FILE FILE *file = open_in(folder, "memory.stat");
    char name[64];
    int64_t value;

    while (file != NULL && fscanf(file, "%63s %" SCNd64, name, &value) == 2) {
        if (strcmp(name, member) == 0) {
            return value;
        }
    }
    return 0;
}

/* Cached pages of files count as used, and are given back when memory runs short. */
static int64_t read_used(const char *folder, const char *name, const char *reclaimable)
{
    int64_t used = read_number(folder, name) - read_statistic(folder, reclaimable);

    return used > 0 ? used : 0;
}

static void narrow_cores(struct mt_cgroup_limits *limits, int64_t quota, int64_t period)
{
    double cores = (double)quota / (double)period;

    if (quota > 0 && period > 0 && (limits->cores <= 0 || cores < limits->cores)) {
        limits->cores = cores;
    }
}

static void narrow_memory(struct mt_cgroup_limits *limits, int64_t limit, int64_t used)
{
    int64_t left = limit > used ? limit - used : 0;

    if (limit >= 0 && (limits->memory < 0 || left < limits->memory)) {
        limits->memory = left;
    }
}

/* "200000 100000": two cores' worth of each period; "max 100000": no limit. */
static void look_at_unified(const char *folder, struct mt_cgroup_limits *limits)
{
    MT_AUTO_FILE FILE *cores = open_in(folder, "cpu.max");
    int64_t quota;
    int64_t period;

    if (cores != NULL && fscanf(cores, "%" SCNd64 " %" SCNd64, &quota, &period) == 2) {
        narrow_cores(limits, quota, period);
    }
    narrow_memory(limits, read_number(folder, "memory.max"),
                  read_used(folder, "memory.current", "inactive_file"));
}

static void look_at_cores(const char *folder, struct mt_cgroup_limits *limits)
{
    narrow_cores(limits, read_number(folder, "cpu.cfs_quota_us"),
                 read_number(folder, "cpu.cfs_period_us"));
}

static void look_at_memory(const char *folder, struct mt_cgroup_limits *limits)
{
    narrow_memory(limits, read_number(folder, "memory.limit_in_bytes"),
                  read_used(folder, "memory.usage_in_bytes", "total_inactive_file"));
}

/* A container may see its own group only, mounted as the root: what is not there has no limit. */
static void look_up(const char *mount, const char *path, struct mt_cgroup_limits *limits,
                    void (*look)(const char *folder, struct mt_cgroup_limits *limits))
{
    MT_AUTO_FREE char *folder = mt_text("%s%s", mount, path);
    size_t least = strlen(mount);

    for (;;) {
        look(folder, limits);
        char *slash = strrchr(folder, '/');
        if (slash == NULL || (size_t)(slash - folder) < least) {
            return;
        }
        *slash = '\0';
    }
}

static bool lists(const char *controllers, const char *wanted)
{
    MT_AUTO_FREE char *copy = mt_text_copy(controllers);
    char *rest = NULL;

    for (char *one = strtok_r(copy, ",", &rest); one != NULL; one = strtok_r(NULL, ",", &rest)) {
        if (strcmp(one, wanted) == 0) {
            return true;
        }
    }
    return false;
}

static void take_line(const char *mounts, const char *controllers, const char *path,
                      struct mt_cgroup_limits *limits)
{
    MT_AUTO_FREE char *mount = mt_text("%s/%s", mounts, controllers);
    MT_AUTO_FREE char *beside_others = mt_text("%s/unified", mounts);

    if (controllers[0] == '\0') {
        look_up(mounts, path, limits, look_at_unified);
        look_up(beside_others, path, limits, look_at_unified);
    } else if (lists(controllers, "cpu")) {
        look_up(mount, path, limits, look_at_cores);
    } else if (lists(controllers, "memory")) {
        look_up(mount, path, limits, look_at_memory);
    }
}

struct mt_cgroup_limits mt_cgroup_limits(const char *mounts, const char *self)
{
    struct mt_cgroup_limits limits = {.memory = -1};
    MT_AUTO_FILE FILE *file = fopen(self, "re");
    MT_AUTO_FREE char *line = NULL;
    size_t room = 0;

    while (file != NULL && getline(&line, &room, file) >= 0) {
        line[strcspn(line, "\n")] = '\0';
        char *controllers = strchr(line, ':');
        char *path = controllers != NULL ? strchr(controllers + 1, ':') : NULL;
        if (path != NULL) {
            *path = '\0';
            take_line(mounts, controllers + 1, path + 1, &limits);
        }
    }
    return limits;
}
