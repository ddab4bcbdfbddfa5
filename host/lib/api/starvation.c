/* SPDX-License-Identifier: Apache-2.0 */
/* The public functions that distinguish a fault of QEMU from a lack of processors. */
#include <stdarg.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "base/text.h"
#include "lib/api/fail.h"
#include "lib/migration/steps.h"

#include <migtest/pair.h>

static int starvation_watch(struct mt_pair *pair, struct mt_error *error)
{
    if (pair->state != MT_PAIR_READY && pair->state != MT_PAIR_ENDED) {
        return mt_fail(error, "nothing runs yet whose starvation could be watched");
    }
    for (size_t i = 0; i < MT_SIDES; i++) {
        if (pair->sides[i].vm != NULL) {
            mt_starvation_watch(&pair->sides[i].vm->process.starvation);
        }
    }
    pair->test.watched_us = mt_now_us();
    return 0;
}

void mt_watch_starvation_at(const char *file, int line, struct mt_pair *pair)
{
    CHECK(starvation_watch(pair, &error));
}

static int need_watch(const struct mt_pair *pair, struct mt_error *error)
{
    return pair->test.watched_us > 0
               ? 0
               : mt_fail(error, "mt_watch_starvation has to come before this");
}

int64_t mt_starved_ms_at(const char *file, int line, struct mt_pair *pair)
{
    CHECK(need_watch(pair, &error));
    return mt_migration_starved_us(pair, pair->test.watched_us, NULL) / 1000;
}

static int fail_unless_starved(struct mt_pair *pair, int64_t least_ms, const char *text,
                               struct mt_error *error)
{
    MT_AUTO_FREE char *who = NULL;
    int64_t ms = mt_migration_starved_us(pair, pair->test.watched_us, &who) / 1000;

    return ms > 0 && ms >= least_ms ? mt_undecided(error, "%s; %s had no processor for %lld ms",
                                                   text, who, (long long)ms)
                                    : mt_fail(error, "%s", text);
}

void mt_fail_unless_starved_at(const char *file, int line, struct mt_pair *pair, int64_t least_ms,
                               const char *what, ...)
{
    struct mt_error fault = {0};
    va_list arguments;

    CHECK(need_watch(pair, &error));
    va_start(arguments, what);
    char *text = mt_text_va(what, arguments);
    va_end(arguments);
    int result = fail_unless_starved(pair, least_ms, text, &fault);
    free(text);
    mt_api_check(file, line, result, &fault);
    __builtin_unreachable();
}
