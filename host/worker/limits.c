/* SPDX-License-Identifier: Apache-2.0 */
#include "worker/limits.h"

#include <ctype.h>
#include <dirent.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cgroup.h"
#include "base/cleanup.h"
#include "base/files.h"
#include "base/text.h"

/* A number in /proc/PID/status; 0: the file has no such number. */
static int64_t status_number(const char *pid, const char *key)
{
    MT_AUTO_FREE char *path = mt_text("/proc/%s/status", pid);
    MT_AUTO_ERROR struct mt_error ignored = {0};
    MT_AUTO_FREE char *text = NULL;

    if (mt_file_read(path, 65536, &text, NULL, &ignored) < 0) {
        return 0;
    }
    const char *line = strstr(text, key);
    return line != NULL ? strtoll(line + strlen(key), NULL, 10) : 0;
}

/* For the kernel's limit, which counts all threads of a user. */
static int64_t count_threads_of_user(void)
{
    MT_AUTO_DIR DIR *processes = opendir("/proc");
    const struct dirent *entry;
    int64_t count = 0;

    while (processes != NULL && (entry = readdir(processes)) != NULL) {
        struct stat status;
        if (isdigit((unsigned char)entry->d_name[0]) &&
            fstatat(dirfd(processes), entry->d_name, &status, 0) == 0 &&
            status.st_uid == getuid()) {
            count += status_number(entry->d_name, "\nThreads:");
        }
    }
    return count;
}

static int set_limit(int resource, const char *name, int64_t value, struct mt_error *error)
{
    struct rlimit present;

    if (getrlimit(resource, &present) < 0) {
        return mt_fail_errno(error, "cannot read the limit of %s", name);
    }
    rlim_t lowered = (rlim_t)value < present.rlim_max ? (rlim_t)value : present.rlim_max;
    if (setrlimit(resource, &(struct rlimit){lowered, lowered}) < 0) {
        return mt_fail_errno(error, "cannot limit %s to %" PRId64, name, value);
    }
    return 0;
}

/* The shadow memory of a sanitizer is larger than any useful limit. Such a process gets no limit.
 */
static bool fits(int64_t memory)
{
    const int64_t kib = 1024;

    return status_number("self", "\nVmData:") * kib < memory;
}

int mt_limits_apply(const struct mt_limits *limits, bool in_group, struct mt_error *error)
{
    if (limits->file_size > 0 &&
        set_limit(RLIMIT_FSIZE, "a file's size", limits->file_size, error) < 0) {
        return -1;
    }
    if (limits->memory > 0 && !in_group && fits(limits->memory) &&
        set_limit(RLIMIT_DATA, "memory", limits->memory, error) < 0) {
        return -1;
    }
    if (limits->processes > 0 && !in_group &&
        set_limit(RLIMIT_NPROC, "processes", count_threads_of_user() + limits->processes, error) <
            0) {
        return -1;
    }
    return 0;
}

char *mt_limits_exceeded(const struct mt_limits *limits, const char *group)
{
    const int64_t mib = 1024 * 1024;

    if (mt_cgroup_lacked_memory(group)) {
        return mt_text("it needed more than the %" PRId64 " MiB of memory that limits: allows",
                       limits->memory / mib);
    }
    if (mt_cgroup_lacked_processes(group)) {
        return mt_text("it needed more than the %" PRId64 " processes that limits: allows",
                       limits->processes);
    }
    return NULL;
}
