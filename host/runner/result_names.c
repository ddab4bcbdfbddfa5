/* SPDX-License-Identifier: Apache-2.0 */
#include "runner/result_names.h"

#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/text.h"

/* Slashes become dots. Other special characters become a tilde and their code. */
static char *stem_of(const struct mt_test_id *id)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-";
    MT_AUTO_FREE char *name = mt_text("%s/%s", id->plugin, id->test);
    char *stem = NULL;
    size_t size = 0;
    FILE *stream = open_memstream(&stem, &size);

    for (const char *at = name; *at != '\0'; at++) {
        if (*at == '/') {
            fputc('.', stream);
        } else if (strchr(plain, *at) != NULL) {
            fputc(*at, stream);
        } else {
            fprintf(stream, "~%02x", (unsigned char)*at);
        }
    }
    fclose(stream);
    return stem;
}

char *mt_log_name(const struct mt_test_id *id, int64_t repeat, int64_t attempt)
{
    MT_AUTO_FREE char *stem = stem_of(id);
    MT_AUTO_FREE char *of_repeat =
        repeat > 0 ? mt_text("~repeat-%lld", (long long)repeat) : mt_text_copy("");
    MT_AUTO_FREE char *of_attempt =
        attempt > 1 ? mt_text("~attempt-%lld", (long long)attempt) : mt_text_copy("");

    return mt_text("logs/%s%s%s.log", stem, of_repeat, of_attempt);
}

char *mt_bundle_name(const struct mt_test_id *id, int64_t repeat, int64_t attempt)
{
    MT_AUTO_FREE char *stem = stem_of(id);

    return repeat > 0
               ? mt_text("failures/%s/%lld.%lld", stem, (long long)repeat, (long long)attempt)
               : mt_text("failures/%s/%lld", stem, (long long)attempt);
}
