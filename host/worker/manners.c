/* SPDX-License-Identifier: Apache-2.0 */
#include "worker/manners.h"

#include <dirent.h>
#include <limits.h>
#include <malloc.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "lib/api/fail.h"

enum { HIGHEST = 4096 };

static struct {
    bool open[HIGHEST]; /* before the first round */
    size_t used[MT_MANNERS_ROUNDS + 1];
} measured;

/* Calls `take` for each open descriptor, except the one that this function opens. */
static void each_descriptor(void (*take)(int fd, void *data), void *data)
{
    MT_AUTO_DIR DIR *folder = opendir("/proc/self/fd");
    const struct dirent *entry;

    while (folder != NULL && (entry = readdir(folder)) != NULL) {
        char *end;
        long fd = strtol(entry->d_name, &end, 10);
        if (end != entry->d_name && fd < HIGHEST && fd != dirfd(folder)) {
            take((int)fd, data);
        }
    }
}

static void note_open(int fd, void *data)
{
    (void)data;
    measured.open[fd] = true;
}

void mt_manners_measure(int round)
{
    const struct mallinfo2 memory = mallinfo2();

    if (round == 0) {
        each_descriptor(note_open, NULL);
    }
    measured.used[round] = memory.uordblks + memory.hblkhd;
}

static void add_unclosed(int fd, void *data)
{
    char target[PATH_MAX] = "";
    MT_AUTO_FREE char *link = mt_text("/proc/self/fd/%d", fd);

    if (!measured.open[fd]) {
        ssize_t size = readlink(link, target, sizeof(target) - 1);
        target[size > 0 ? size : 0] = '\0';
        mt_strings_add(data, "%d (%s)", fd, target);
    }
}

/* The smallest growth of any round: what every round leaves, without what a library keeps once. */
static size_t smallest_growth(void)
{
    size_t least = SIZE_MAX;

    for (int round = 3; round <= MT_MANNERS_ROUNDS; round++) {
        size_t before = measured.used[round - 1];
        size_t added = measured.used[round] > before ? measured.used[round] - before : 0;
        least = added < least ? added : least;
    }
    return least;
}

void mt_manners_write(const struct mt_record_writer *writer)
{
    struct mt_strings unclosed = {0};
    struct mt_strings sites = {0};
    struct mt_record record = {.kind = MT_RECORD_MANNERS};

    each_descriptor(add_unclosed, &unclosed);
    for (unsigned i = 0; mt_assert_site(i) != NULL; i++) {
        mt_strings_add(&sites, "%s", mt_assert_site(i));
    }
    record.manners.descriptors = (const char *const *)unclosed.items;
    record.manners.growth = (int64_t)smallest_growth();
    record.manners.sites = (const char *const *)sites.items;
    mt_record_write(writer, &record);
    mt_strings_clear(&unclosed);
    mt_strings_clear(&sites);
}
