/* SPDX-License-Identifier: Apache-2.0 */
#include "base/cgroup.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/files.h"
#include "base/text.h"

static const char mount_point[] = "/sys/fs/cgroup";

/* Of one file of a group's, these are enough. */
static const size_t file_limit = 65536;

static char *read_text(const char *folder, const char *file)
{
    MT_AUTO_FREE char *path = mt_text("%s/%s", folder, file);
    MT_AUTO_ERROR struct mt_error ignored = {0};
    char *text = NULL;

    return mt_file_read(path, file_limit, &text, NULL, &ignored) < 0 ? NULL : text;
}

static bool write_number(const char *folder, const char *file, int64_t number)
{
    MT_AUTO_FREE char *path = mt_text("%s/%s", folder, file);
    MT_AUTO_FREE char *text = mt_text("%" PRId64, number);
    MT_AUTO_FD int fd = open(path, O_WRONLY | O_CLOEXEC);

    return fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text);
}

static bool has_word(const char *list, const char *word, const char *separators)
{
    MT_AUTO_FREE char *copy = mt_text_copy(list);
    char *rest = NULL;

    for (char *one = strtok_r(copy, separators, &rest); one != NULL;
         one = strtok_r(NULL, separators, &rest)) {
        if (strcmp(one, word) == 0) {
            return true;
        }
    }
    return false;
}

/* Our own group's path in the hierarchy of that controller; "" is the one of version 2. */
static char *own_path(const char *controller)
{
    MT_AUTO_FREE char *text = read_text("/proc/self", "cgroup");
    char *rest = NULL;

    /* Lines of "number:controllers:path". */
    for (char *line = text != NULL ? strtok_r(text, "\n", &rest) : NULL; line != NULL;
         line = strtok_r(NULL, "\n", &rest)) {
        char *controllers = strchr(line, ':');
        char *path = controllers != NULL ? strchr(controllers + 1, ':') : NULL;
        if (path == NULL) {
            continue;
        }
        *path++ = '\0';
        controllers++;
        if (controller[0] == '\0' ? controllers[0] == '\0'
                                  : has_word(controllers, controller, ",")) {
            return mt_text_copy(strcmp(path, "/") == 0 ? "" : path);
        }
    }
    return NULL;
}

/* A container may see its own group as the root of what is mounted. */
static char *below(const char *root, const char *path)
{
    char *folder = mt_text("%s%s", root, path);

    if (access(folder, F_OK) < 0) {
        free(folder);
        folder = mt_text_copy(root);
    }
    return folder;
}

static char *make_in(const char *parent, const char *name)
{
    char *folder = mt_text("%s/%s", parent, name);

    if (mkdir(folder, 0755) < 0 && errno != EEXIST) {
        free(folder);
        return NULL;
    }
    return folder;
}

static char *parent_of_version_1(const char *controller)
{
    MT_AUTO_FREE char *root = mt_text("%s/%s", mount_point, controller);
    MT_AUTO_FREE char *path = own_path(controller);

    return path != NULL && access(root, F_OK) == 0 ? below(root, path) : NULL;
}

/*
 * In version 2 a group whose members are limited holds no process itself, but for the root: so ours
 * goes into our own, or stands beside it.
 */
static char *parent_of_version_2(const char *controller)
{
    MT_AUTO_FREE char *path = own_path("");
    MT_AUTO_FREE char *folder = path != NULL ? below(mount_point, path) : NULL;

    for (int i = 0;
         folder != NULL && i < 2 && strncmp(folder, mount_point, strlen(mount_point)) == 0; i++) {
        MT_AUTO_FREE char *passed_on = read_text(folder, "cgroup.subtree_control");
        if (passed_on != NULL && has_word(passed_on, controller, " \n")) {
            return mt_text_copy(folder);
        }
        *strrchr(folder, '/') = '\0';
    }
    return NULL;
}

static char *parent_of(const char *controller)
{
    char *parent = parent_of_version_1(controller);

    return parent != NULL ? parent : parent_of_version_2(controller);
}

static char *make_limited(const char *controller, const char *name, const char *const files[2],
                          int64_t limit)
{
    MT_AUTO_FREE char *parent = parent_of(controller);
    MT_AUTO_FREE char *folder = parent != NULL ? make_in(parent, name) : NULL;

    if (folder == NULL) {
        return NULL;
    }
    if (write_number(folder, files[0], limit) || write_number(folder, files[1], limit)) {
        return mt_take_pointer(folder);
    }
    rmdir(folder);
    return NULL;
}

struct mt_cgroup mt_cgroup_make(const char *name, int64_t memory, int64_t processes)
{
    static const char *const memory_files[2] = {"memory.max", "memory.limit_in_bytes"};
    static const char *const process_files[2] = {"pids.max", "pids.max"};
    struct mt_cgroup group = {
        .memory = make_limited("memory", name, memory_files, memory),
        .processes = make_limited("pids", name, process_files, processes),
    };

    if (group.memory != NULL) {
        /* Half a job is of no use: what is short of memory ends as a whole. (Version 2) */
        write_number(group.memory, "memory.oom.group", 1);
    }
    return group;
}

bool mt_cgroup_enter(const struct mt_cgroup *group)
{
    bool entered = true;

    if (group->memory != NULL) {
        entered = write_number(group->memory, "cgroup.procs", 0) && entered;
    }
    if (group->processes != NULL) {
        entered = write_number(group->processes, "cgroup.procs", 0) && entered;
    }
    return entered;
}

/* A line "key number" of one of the files. */
static int64_t count_in(const char *folder, const char *const *files, const char *key)
{
    for (; folder != NULL && *files != NULL; files++) {
        MT_AUTO_FREE char *text = read_text(folder, *files);
        char *rest = NULL;
        for (char *line = text != NULL ? strtok_r(text, "\n", &rest) : NULL; line != NULL;
             line = strtok_r(NULL, "\n", &rest)) {
            if (strncmp(line, key, strlen(key)) == 0 && line[strlen(key)] == ' ') {
                return strtoll(line + strlen(key), NULL, 10);
            }
        }
    }
    return 0;
}

bool mt_cgroup_lacked_memory(const struct mt_cgroup *group)
{
    return count_in(group->memory,
                    (const char *const[]){"memory.events", "memory.oom_control", NULL},
                    "oom_kill") > 0;
}

bool mt_cgroup_lacked_processes(const struct mt_cgroup *group)
{
    return count_in(group->processes, (const char *const[]){"pids.events", NULL}, "max") > 0;
}

/* The kernel takes a moment to see that a group is empty whose last process was waited for. */
static void remove_folder(const char *folder)
{
    const struct timespec moment = {.tv_nsec = 2 * 1000 * 1000};
    const int moments = 100;

    for (int i = 0; i < moments && rmdir(folder) < 0 && errno == EBUSY; i++) {
        nanosleep(&moment, NULL);
    }
}

void mt_cgroup_remove(struct mt_cgroup *group)
{
    char *folders[] = {mt_take_pointer(group->memory), mt_take_pointer(group->processes)};

    for (size_t i = 0; i < 2; i++) {
        if (folders[i] != NULL) {
            remove_folder(folders[i]);
            free(folders[i]);
        }
    }
}

void mt_cgroup_remove_left(const char *name)
{
    static const char *const controllers[] = {"memory", "pids"};

    for (size_t i = 0; i < 2; i++) {
        MT_AUTO_FREE char *parent = parent_of(controllers[i]);
        MT_AUTO_FREE char *folder = parent != NULL ? mt_text("%s/%s", parent, name) : NULL;
        if (folder != NULL) {
            remove_folder(folder);
        }
    }
}
