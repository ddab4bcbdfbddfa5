/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What control groups leave, from folders that look like theirs; and groups that are made below the
 * own one, on a kernel that lets this program do so (as the KVM box's does).
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "base/cgroup.h"
#include "base/cleanup.h"
#include "base/files.h"
#include "base/text.h"
#include "runner/slots.h"

struct file {
    const char *path;
    const char *text;
};

static struct mt_cgroup_limits limits_of(const struct file *files, size_t count, const char *self)
{
    char folder[] = "/tmp/cgroup-test-XXXXXX";
    MT_AUTO_ERROR struct mt_error error = {0};

    assert_non_null(mkdtemp(folder));
    for (size_t i = 0; i < count; i++) {
        MT_AUTO_FREE char *path = mt_text("%s/%s", folder, files[i].path);
        MT_AUTO_FREE char *above = mt_text_copy(path);
        *strrchr(above, '/') = '\0';
        assert_int_equal(mt_folder_make(above, &error), 0);
        assert_int_equal(mt_file_write(path, files[i].text, strlen(files[i].text), &error), 0);
    }
    MT_AUTO_FREE char *own = mt_text("%s/self", folder);
    assert_int_equal(mt_file_write(own, self, strlen(self), &error), 0);
    struct mt_cgroup_limits limits = mt_cgroup_limits(folder, own);
    assert_int_equal(mt_folder_remove(folder, &error), 0);
    return limits;
}

#define LIMITS_OF(files, self) limits_of(files, sizeof(files) / sizeof((files)[0]), self)

static void the_narrowest_group_above_counts(void **state)
{
    static const struct file files[] = {
        {"ci/cpu.max", "150000 100000\n"},     {"ci/memory.max", "2000\n"},
        {"ci/memory.current", "1500\n"},       {"ci/memory.stat", "anon 1\ninactive_file 300\n"},
        {"ci/job/cpu.max", "400000 100000\n"}, {"ci/job/memory.max", "max\n"},
        {"ci/job/memory.current", "7\n"},
    };

    (void)state;
    struct mt_cgroup_limits limits = LIMITS_OF(files, "0::/ci/job\n");
    assert_true(limits.cores > 1.49 && limits.cores < 1.51);
    assert_int_equal(limits.memory, 800);
}

/* A container sees its own group as the root, whatever the kernel calls it. */
static void a_group_that_cannot_be_seen_is_the_root(void **state)
{
    static const struct file files[] = {{"cpu.max", "200000 100000\n"}};

    (void)state;
    struct mt_cgroup_limits limits = LIMITS_OF(files, "0::/docker/4711\n");
    assert_true(limits.cores > 1.99 && limits.cores < 2.01);
    assert_int_equal(limits.memory, -1);
}

static void no_limit_is_none(void **state)
{
    static const struct file files[] = {{"a/cpu.max", "max 100000\n"}, {"a/memory.max", "max\n"}};

    (void)state;
    struct mt_cgroup_limits limits = LIMITS_OF(files, "0::/a\n");
    assert_true(limits.cores <= 0);
    assert_int_equal(limits.memory, -1);
}

static void slots_come_from_cores_and_memory(void **state)
{
    static const int64_t mib = 1 << 20;

    (void)state;
    assert_int_equal(mt_slots_for(2, 100000 * mib, 150 * mib), 4);
    assert_int_equal(mt_slots_for(1.5, 100000 * mib, 150 * mib), 3);
    assert_int_equal(mt_slots_for(8, 1000 * mib, 150 * mib), 2);
    assert_int_equal(mt_slots_for(8, 10 * mib, 150 * mib), 1);
    assert_int_equal(mt_slots_for(0.2, 100000 * mib, 150 * mib), 1);
}

/* A group below the own one, which a child of this program is put into. */
struct playground {
    char *folder;
    bool delegated;
    bool shared; /* another process is in it, too */
};

static char *read_file(const char *folder, const char *name)
{
    MT_AUTO_FREE char *path = mt_text("%s/%s", folder, name);
    MT_AUTO_ERROR struct mt_error error = {0};
    char *text = NULL;

    return mt_file_read(path, 65536, &text, NULL, &error) < 0 ? mt_text_copy("") : text;
}

static bool exists_in(const char *folder, const char *name)
{
    MT_AUTO_FREE char *path = mt_text("%s/%s", folder, name);

    return access(path, F_OK) == 0;
}

static bool is_in(const char *folder)
{
    MT_AUTO_FREE char *self = read_file("/proc/self", "cgroup");
    const char *path = folder + strlen(mt_cgroup_mount());
    MT_AUTO_FREE char *line = mt_text("0::%s\n", path);

    return strstr(self, line) != NULL;
}

/* In a child an assertion of cmocka's would run all tests after it again. */
#define CHECK(condition)                                                                           \
    do {                                                                                           \
        if (!(condition)) {                                                                        \
            return #condition;                                                                     \
        }                                                                                          \
    } while (0)

/* More than the group lets it, and then all of them end. */
static _Noreturn void fork_often(const char *group)
{
    setpgid(0, 0);
    mt_cgroup_enter(group);
    for (int i = 0; i < 20; i++) {
        if (fork() == 0) {
            pause();
        }
    }
    kill(0, SIGKILL);
    abort();
}

static const char *make_a_job(const char *folder)
{
    MT_AUTO_ERROR struct mt_error error = {0};
    MT_AUTO_FREE char *group = mt_cgroup_make("job", 64 << 20, 8, &error);
    MT_AUTO_FREE char *expected = mt_text("%s/job", folder);

    CHECK(group != NULL && strcmp(group, expected) == 0);
    MT_AUTO_FREE char *processes = read_file(group, "pids.max");
    CHECK(strcmp(processes, "8\n") == 0);
    pid_t child = fork();
    if (child == 0) {
        fork_often(group);
    }
    waitpid(child, NULL, 0);
    CHECK(mt_cgroup_lacked_processes(group));
    CHECK(!mt_cgroup_lacked_memory(group));
    mt_cgroup_remove(group);
    CHECK(access(group, F_OK) < 0);
    return NULL;
}

static const char *divide(const struct playground *playground)
{
    MT_AUTO_ERROR struct mt_error error = {0};
    bool ours = playground->delegated && !playground->shared;

    CHECK(mt_cgroup_enter(playground->folder));
    CHECK((mt_cgroup_divide(&error) == 0) == ours);
    if (ours) {
        const char *fault = make_a_job(playground->folder);
        CHECK(fault == NULL);
    } else {
        const char *why = playground->delegated ? "cannot be limited" : "was not delegated";
        CHECK(strstr(mt_error_text(&error), why) != NULL);
        CHECK(mt_cgroup_make("job", 64 << 20, 8, &error) == NULL);
        CHECK(!exists_in(playground->folder, "../job"));
    }
    mt_cgroup_unite();
    CHECK(is_in(playground->folder));
    CHECK(!exists_in(playground->folder, "migtest-host"));
    return NULL;
}

static pid_t start_other(const char *folder)
{
    pid_t other = fork();

    if (other == 0) {
        mt_cgroup_enter(folder);
        raise(SIGSTOP);
        _exit(0);
    }
    assert_int_equal(waitpid(other, NULL, WUNTRACED), other);
    return other;
}

static void play(const struct playground *playground)
{
    int status;

    assert_int_equal(mkdir(playground->folder, 0755), 0);
    if (playground->delegated) {
        assert_int_equal(setxattr(playground->folder, "trusted.delegate", "1", 1, 0), 0);
    }
    pid_t other = playground->shared ? start_other(playground->folder) : -1;
    pid_t child = fork();
    if (child == 0) {
        const char *fault = divide(playground);
        fprintf(stderr, "%s", fault != NULL ? fault : "");
        _exit(fault != NULL);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    if (other > 0) {
        kill(other, SIGKILL);
        waitpid(other, NULL, 0);
    }
    mt_cgroup_remove(playground->folder);
    assert_int_equal(status, 0);
}

/* Below the own group, if that is this program's to divide; else nothing is made anywhere. */
static void groups_are_made_only_below_what_is_ours(void **state)
{
    static const struct playground kinds[] = {
        {.delegated = true}, {.delegated = false}, {.delegated = true, .shared = true}};
    MT_AUTO_ERROR struct mt_error error = {0};

    (void)state;
    if (mt_cgroup_divide(&error) < 0) {
        assert_null(mt_cgroup_make("job", 64 << 20, 8, &error));
        return;
    }
    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
        MT_AUTO_FREE char *name = mt_text("cgroup-test-%d", (int)getpid());
        MT_AUTO_FREE char *folder = mt_cgroup_make(name, 256 << 20, 64, &error);
        assert_non_null(folder);
        mt_cgroup_remove(folder);
        struct playground playground = kinds[i];
        playground.folder = folder;
        play(&playground);
    }
    mt_cgroup_unite();
}

static const char *divide_in_namespace(const char *folder)
{
    MT_AUTO_ERROR struct mt_error error = {0};

    if (!mt_cgroup_enter(folder) || unshare(CLONE_NEWCGROUP) < 0) {
        return NULL;
    }
    CHECK(mt_cgroup_divide(&error) < 0);
    CHECK(strstr(mt_error_text(&error), "does not hold this process") != NULL);
    CHECK(mt_cgroup_make("job", 64 << 20, 8, &error) == NULL);
    return NULL;
}

/* In a namespace of groups of one's own the mount may still show another's: its root is not ours.
 */
static void the_root_of_another_namespace_is_not_ours(void **state)
{
    const char *mount = mt_cgroup_mount();
    MT_AUTO_FREE char *folder =
        mt_text("%s/cgroup-test-%d", mount != NULL ? mount : "/nonexistent", (int)getpid());
    int status;

    (void)state;
    if (mkdir(folder, 0755) < 0) {
        return;
    }
    pid_t child = fork();
    if (child == 0) {
        const char *fault = divide_in_namespace(folder);
        fprintf(stderr, "%s", fault != NULL ? fault : "");
        _exit(fault != NULL);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    mt_cgroup_remove(folder);
    assert_int_equal(status, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_narrowest_group_above_counts),
        cmocka_unit_test(a_group_that_cannot_be_seen_is_the_root),
        cmocka_unit_test(no_limit_is_none),
        cmocka_unit_test(slots_come_from_cores_and_memory),
        cmocka_unit_test(groups_are_made_only_below_what_is_ours),
        cmocka_unit_test(the_root_of_another_namespace_is_not_ours),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
