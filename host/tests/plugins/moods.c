/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tests without a QEMU for how tests are scheduled: what they do hangs on how often they ran before
 * and on who runs beside them, which they keep in the folder that MOODS names.
 */
#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <migtest/migtest.h>

MT_PLUGIN(.name = "moods", .version = "1.0", .vendor = "migtest", .licence = "Apache-2.0",
          .summary = "Tests that are not always the same");

static const char *folder(void)
{
    const char *path = getenv("MOODS");

    assert_non_null(path);
    return path;
}

/* How often this was called with that name, this time included. */
static long count_run(const char *name)
{
    char path[4096];
    struct stat status;

    snprintf(path, sizeof(path), "%s/%s", folder(), name);
    int fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, ".", 1), 1);
    assert_int_equal(fstat(fd, &status), 0);
    close(fd);
    return (long)status.st_size;
}

static void count_neighbours(unsigned *ret_count)
{
    char path[4096];
    struct dirent *entry;
    unsigned count = 0;

    snprintf(path, sizeof(path), "%s/running", folder());
    DIR *running = opendir(path);
    assert_non_null(running);
    while ((entry = readdir(running)) != NULL) {
        count += entry->d_name[0] != '.';
    }
    closedir(running);
    *ret_count = count - 1;
}

/* Runs for a while, and tells how many others did at its beginning and at its end. */
static void stay(unsigned *ret_most)
{
    char path[4096];
    unsigned before;
    unsigned after;

    snprintf(path, sizeof(path), "%s/running", folder());
    mkdir(path, 0777);
    snprintf(path, sizeof(path), "%s/running/%d", folder(), (int)getpid());
    int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0666);
    assert_true(fd >= 0);
    close(fd);
    count_neighbours(&before);
    usleep(200000);
    count_neighbours(&after);
    unlink(path);
    *ret_most = before > after ? before : after;
}

static void good(void **state)
{
    (void)state;
    count_run("good");
}

static void bad(void **state)
{
    (void)state;
    assert_int_equal(count_run("bad"), -1);
}

static void second_time(void **state)
{
    bool second = count_run("second-time") >= 2;

    (void)state;
    if (!second && getenv("MOODS_STOPPED") != NULL) {
        raise(SIGTERM);
    }
    assert_true(second);
}

static void weary(void **state)
{
    if (count_run("weary") >= 2) {
        mt_skip(*state, "it has had enough");
    }
    assert_true(false);
}

static void not_the_third_time(void **state)
{
    (void)state;
    assert_int_not_equal(count_run("not-the-third-time"), 3);
}

static void unwilling(void **state)
{
    mt_skip(*state, "it is not in the mood");
}

static void beside_others(void **state)
{
    unsigned most;

    stay(&most);
    mt_note(*state, "neighbours", "%u", most);
}

static void alone(void **state)
{
    unsigned most;

    (void)state;
    stay(&most);
    assert_int_equal(most, 0);
}

/* As long as the script says, or a moment that shows in a schedule. */
static void long_one(void **state)
{
    const char *seconds = getenv("MOODS_LONG_S");

    (void)state;
    count_run("long");
    usleep(seconds != NULL ? (useconds_t)atoi(seconds) * 1000000 : 1500000);
}

static const char *const network[] = {"network", "quick", NULL};
static const char *const disk[] = {"disk", NULL};

static const struct mt_test tests[] = {
    {.name = "alone", .run = alone, .alone = true},
    {.name = "good", .run = good, .tags = network},
    {.name = "bad", .run = bad, .tags = disk},
    {.name = "second-time", .run = second_time},
    {.name = "weary", .run = weary},
    {.name = "not-the-third-time", .run = not_the_third_time},
    {.name = "unwilling", .run = unwilling},
    {.name = "beside/1", .run = beside_others},
    {.name = "beside/2", .run = beside_others},
    {.name = "beside/3", .run = beside_others},
    {.name = "beside/4", .run = beside_others},
    {.name = "beside/heavy", .run = beside_others, .weight = 3},
    {.name = "long/1", .run = long_one},
    {.name = "long/2", .run = long_one},
    {.name = "elsewhere", .run = good, .needs = MT_NEEDS(.machines = MT_LIST("no-such-machine"))},
};

int mt_plugin_register(struct mt_registry *registry)
{
    return mt_register_group(registry, MT_GROUP("moods", tests));
}
