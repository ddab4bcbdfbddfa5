/* SPDX-License-Identifier: Apache-2.0 */
#include "base/cgroup.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <linux/magic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <sys/xattr.h>
#include <time.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/files.h"
#include "base/text.h"

/* The second is used beside version 1, whose groups may then have the controllers. */
static const char *const mounts[] = {"/sys/fs/cgroup", "/sys/fs/cgroup/unified"};

static const char own_groups[] = "/proc/self/cgroup";

/* The group that holds this program while its own group is divided. */
static const char host_group[] = "migtest-host";

static const char switched_on[] = "+memory +pids";
static const char switched_off[] = "-memory -pids";

/* Whether this process was moved into `host_group`, so that it must be moved back. */
static bool moved;

/* No file of a group is larger. */
static const size_t file_limit = 65536;

static char *group_read(const char *folder, const char *file)
{
    MT_AUTO_FREE char *path = mt_text("%s/%s", folder, file);
    MT_AUTO_ERROR struct mt_error ignored = {0};
    char *text = NULL;

    return mt_file_read(path, file_limit, &text, NULL, &ignored) < 0 ? NULL : text;
}

/* A single write: the kernel takes or refuses the text as a whole. */
static bool group_write(const char *folder, const char *file, const char *text)
{
    MT_AUTO_FREE char *path = mt_text("%s/%s", folder, file);
    MT_AUTO_FD int fd = open(path, O_WRONLY | O_CLOEXEC);

    return fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text);
}

static bool group_write_number(const char *folder, const char *file, int64_t number)
{
    MT_AUTO_FREE char *text = mt_text("%" PRId64, number);

    return group_write(folder, file, text);
}

/* -1: there is no number, or it is "max". */
static int64_t group_read_number(const char *folder, const char *file)
{
    MT_AUTO_FREE char *text = group_read(folder, file);
    char *end = text;
    int64_t value = text != NULL ? strtoll(text, &end, 10) : 0;

    return end != text ? value : -1;
}

/* The number of a line "key number"; 0: there is no such line. */
static int64_t group_read_member(const char *folder, const char *file, const char *key)
{
    MT_AUTO_FREE char *text = group_read(folder, file);
    char *rest = NULL;

    for (char *line = text != NULL ? strtok_r(text, "\n", &rest) : NULL; line != NULL;
         line = strtok_r(NULL, "\n", &rest)) {
        if (strncmp(line, key, strlen(key)) == 0 && line[strlen(key)] == ' ') {
            return strtoll(line + strlen(key), NULL, 10);
        }
    }
    return 0;
}

static bool has_word(const char *folder, const char *file, const char *word)
{
    MT_AUTO_FREE char *text = group_read(folder, file);
    char *rest = NULL;

    for (char *found = text != NULL ? strtok_r(text, " \n", &rest) : NULL; found != NULL;
         found = strtok_r(NULL, " \n", &rest)) {
        if (strcmp(found, word) == 0) {
            return true;
        }
    }
    return false;
}

/* The path of the own group of version 2, "" for the root; NULL: there is no such group. */
static char *own_path(const char *self)
{
    MT_AUTO_FILE FILE *file = fopen(self, "re");
    MT_AUTO_FREE char *line = NULL;
    size_t room = 0;

    while (file != NULL && getline(&line, &room, file) >= 0) {
        line[strcspn(line, "\n")] = '\0';
        if (strncmp(line, "0::/", strlen("0::/")) == 0) {
            const char *path = line + strlen("0::");
            return mt_text_copy(strcmp(path, "/") == 0 ? "" : path);
        }
    }
    return NULL;
}

static void narrow_cores(struct mt_cgroup_limits *limits, const char *folder)
{
    MT_AUTO_FREE char *text = group_read(folder, "cpu.max");
    double quota;
    double period;

    /* "200000 100000": two cores' worth of each period; "max 100000": no limit. */
    if (text != NULL && sscanf(text, "%lf %lf", &quota, &period) == 2 && quota > 0 && period > 0 &&
        (limits->cores <= 0 || quota / period < limits->cores)) {
        limits->cores = quota / period;
    }
}

/*
 * The kernel counts cached pages of files as used, but gives them back when memory runs short. So
 * they do not count here.
 */
static void narrow_memory(struct mt_cgroup_limits *limits, const char *folder)
{
    int64_t limit = group_read_number(folder, "memory.max");
    int64_t used = group_read_number(folder, "memory.current") -
                   group_read_member(folder, "memory.stat", "inactive_file");
    int64_t left = limit - (used > 0 ? used : 0);

    if (limit >= 0 && (limits->memory < 0 || left < limits->memory)) {
        limits->memory = left > 0 ? left : 0;
    }
}

/*
 * A container may see only its own group, mounted as the root. So a group that cannot be seen
 * counts as one without limits.
 */
struct mt_cgroup_limits mt_cgroup_limits(const char *mount, const char *self)
{
    struct mt_cgroup_limits limits = {.memory = -1};
    MT_AUTO_FREE char *path = own_path(self);
    MT_AUTO_FREE char *folder = mount != NULL && path != NULL ? mt_text("%s%s", mount, path) : NULL;

    while (folder != NULL && strlen(folder) >= strlen(mount)) {
        narrow_cores(&limits, folder);
        narrow_memory(&limits, folder);
        *strrchr(folder, '/') = '\0';
    }
    return limits;
}

const char *mt_cgroup_mount(void)
{
    struct statfs status;

    for (size_t i = 0; i < sizeof(mounts) / sizeof(mounts[0]); i++) {
        if (statfs(mounts[i], &status) == 0 && status.f_type == CGROUP2_SUPER_MAGIC) {
            return mounts[i];
        }
    }
    return NULL;
}

/*
 * The folder at a group's path may be the folder of another group, where the mount belongs to
 * another namespace. The processes in it tell.
 */
static bool holds_this_process(const char *folder)
{
    MT_AUTO_FREE char *path = mt_text("%s/cgroup.procs", folder);
    MT_AUTO_FILE FILE *file = fopen(path, "re");
    int pid;

    while (file != NULL && fscanf(file, "%d", &pid) == 1) {
        if (pid == getpid()) {
            return true;
        }
    }
    return false;
}

/* The folder of our own group; NULL: it cannot be seen. */
static char *own_folder(struct mt_error *error)
{
    const char *mount = mt_cgroup_mount();
    MT_AUTO_FREE char *path = own_path(own_groups);
    MT_AUTO_FREE char *folder = mount != NULL && path != NULL ? mt_text("%s%s", mount, path) : NULL;

    if (folder == NULL) {
        mt_fail(error, "control groups of version 2 are not mounted here");
        return NULL;
    }
    if (access(folder, F_OK) < 0) {
        mt_fail_errno(error, "the own control group %s cannot be seen", folder);
        return NULL;
    }
    if (!holds_this_process(folder)) {
        mt_fail(error, "the control group %s does not hold this process, though %s names it",
                folder, own_groups);
        return NULL;
    }
    return mt_take_pointer(folder);
}

static bool is_root(const char *folder)
{
    const char *mount = mt_cgroup_mount();

    return mount != NULL && strcmp(folder, mount) == 0;
}

static bool is_host_group(const char *folder)
{
    return strcmp(strrchr(folder, '/') + 1, host_group) == 0;
}

static bool is_divided(const char *folder)
{
    return has_word(folder, "cgroup.subtree_control", "memory") &&
           has_word(folder, "cgroup.subtree_control", "pids");
}

/* systemd sets one of these attributes on a group that it delegates (Delegate=yes). */
static bool is_delegated(const char *folder)
{
    static const char *const marks[] = {"user.delegate", "trusted.delegate"};

    for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++) {
        char value;
        if (getxattr(folder, marks[i], &value, 1) == 1 && value == '1') {
            return true;
        }
    }
    return is_root(folder);
}

static bool has_controllers(const char *folder)
{
    return has_word(folder, "cgroup.controllers", "memory") &&
           has_word(folder, "cgroup.controllers", "pids");
}

static int check_ours(const char *folder, struct mt_error *error)
{
    if (!has_controllers(folder)) {
        return mt_fail(error, "the own control group %s has no controllers memory and pids",
                       folder);
    }
    if (!is_delegated(folder)) {
        return mt_fail(error,
                       "the own control group %s is its manager's: it was not delegated to who "
                       "runs in it",
                       folder);
    }
    return 0;
}

/*
 * The kernel limits groups below a group only where that group has no processes itself. The root of
 * all groups is the only exception.
 */
static int divide_from_below(const char *folder, struct mt_error *error)
{
    MT_AUTO_FREE char *below = mt_text("%s/%s", folder, host_group);

    if ((mkdir(below, 0755) < 0 && errno != EEXIST) ||
        !group_write_number(below, "cgroup.procs", 0)) {
        mt_fail_errno(error, "this process cannot be moved into %s", below);
        rmdir(below);
        return -1;
    }
    if (!group_write(folder, "cgroup.subtree_control", switched_on)) {
        mt_fail_errno(error, "what is below the control group %s cannot be limited", folder);
        group_write_number(folder, "cgroup.procs", 0);
        rmdir(below);
        return -1;
    }
    moved = true;
    return 0;
}

int mt_cgroup_divide(struct mt_error *error)
{
    MT_AUTO_FREE char *folder = own_folder(error);

    if (folder == NULL) {
        return -1;
    }
    if (is_divided(folder) || is_host_group(folder)) {
        return 0;
    }
    if (check_ours(folder, error) < 0) {
        return -1;
    }
    return group_write(folder, "cgroup.subtree_control", switched_on)
               ? 0
               : divide_from_below(folder, error);
}

void mt_cgroup_unite(void)
{
    MT_AUTO_ERROR struct mt_error ignored = {0};
    MT_AUTO_FREE char *below = own_folder(&ignored);

    if (!moved || below == NULL || !is_host_group(below)) {
        return;
    }
    moved = false;
    MT_AUTO_FREE char *folder = mt_text("%.*s", (int)(strrchr(below, '/') - below), below);
    if (group_write(folder, "cgroup.subtree_control", switched_off) &&
        group_write_number(folder, "cgroup.procs", 0)) {
        rmdir(below);
    }
}

/* The folder of the group that was divided; NULL: none was divided. */
static char *divided_folder(struct mt_error *error)
{
    MT_AUTO_FREE char *folder = own_folder(error);

    if (folder != NULL && is_host_group(folder)) {
        *strrchr(folder, '/') = '\0';
    }
    if (folder != NULL && !is_divided(folder)) {
        if (check_ours(folder, error) == 0) {
            mt_fail(error, "others run in the own control group %s, so none below can be limited",
                    folder);
        }
        return NULL;
    }
    return mt_take_pointer(folder);
}

char *mt_cgroup_make(const char *name, int64_t memory, int64_t processes, struct mt_error *error)
{
    MT_AUTO_FREE char *parent = divided_folder(error);
    MT_AUTO_FREE char *folder = parent != NULL ? mt_text("%s/%s", parent, name) : NULL;

    if (folder == NULL) {
        return NULL;
    }
    if (mkdir(folder, 0755) < 0) {
        mt_fail_errno(error, "cannot make the control group %s", folder);
        return NULL;
    }
    if (!group_write_number(folder, "memory.max", memory) ||
        !group_write_number(folder, "pids.max", processes)) {
        mt_fail_errno(error, "cannot limit the control group %s", folder);
        rmdir(folder);
        return NULL;
    }
    /* Half a job is of no use. So the whole job is killed when its memory runs out. */
    group_write_number(folder, "memory.oom.group", 1);
    return mt_take_pointer(folder);
}

bool mt_cgroup_enter(const char *folder)
{
    return group_write_number(folder, "cgroup.procs", 0);
}

bool mt_cgroup_lacked_memory(const char *folder)
{
    return folder != NULL && group_read_member(folder, "memory.events", "oom_kill") > 0;
}

bool mt_cgroup_lacked_processes(const char *folder)
{
    return folder != NULL && group_read_member(folder, "pids.events", "max") > 0;
}

/* The kernel needs a moment to see that a group is empty after its last process was waited for. */
void mt_cgroup_remove(const char *folder)
{
    const struct timespec moment = {.tv_nsec = 2 * 1000 * 1000};
    const int moments = 100;

    for (int i = 0; folder != NULL && i < moments && rmdir(folder) < 0 && errno == EBUSY; i++) {
        nanosleep(&moment, NULL);
    }
}

void mt_cgroup_remove_left(const char *name)
{
    MT_AUTO_ERROR struct mt_error ignored = {0};
    MT_AUTO_FREE char *parent = divided_folder(&ignored);
    MT_AUTO_FREE char *folder = parent != NULL ? mt_text("%s/%s", parent, name) : NULL;

    mt_cgroup_remove(folder);
}
