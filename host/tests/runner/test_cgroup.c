/* SPDX-License-Identifier: Apache-2.0 */
/* What control groups leave, from folders that look like theirs. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <stdio.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/files.h"
#include "base/text.h"
#include "runner/cgroup.h"
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

static void the_old_version_is_read_too(void **state)
{
    static const struct file files[] = {
        {"cpu,cpuacct/box/cpu.cfs_quota_us", "300000\n"},
        {"cpu,cpuacct/box/cpu.cfs_period_us", "100000\n"},
        {"memory/box/memory.limit_in_bytes", "5000\n"},
        {"memory/box/memory.usage_in_bytes", "4000\n"},
        {"memory/box/memory.stat", "total_inactive_file 100\n"},
        {"memory/memory.limit_in_bytes", "9223372036854771712\n"},
        {"memory/memory.usage_in_bytes", "123\n"},
    };

    (void)state;
    struct mt_cgroup_limits limits =
        LIMITS_OF(files, "4:memory:/box\n1:cpu,cpuacct:/box\n3:cpuset:/box\n");
    assert_true(limits.cores > 2.99 && limits.cores < 3.01);
    assert_int_equal(limits.memory, 1100);
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_narrowest_group_above_counts),
        cmocka_unit_test(the_old_version_is_read_too),
        cmocka_unit_test(a_group_that_cannot_be_seen_is_the_root),
        cmocka_unit_test(no_limit_is_none),
        cmocka_unit_test(slots_come_from_cores_and_memory),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
