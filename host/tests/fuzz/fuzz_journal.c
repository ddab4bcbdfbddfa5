/* SPDX-License-Identifier: Apache-2.0 */
/* A journal may come from a run that was killed, from another version, or from a broken disk. Every
 * event that can be read can be written again. */
#include <stdlib.h>

#include "base/cleanup.h"
#include "journal/reader.h"
#include "tests/fuzz/input.h"

static void write_again(void *data, const struct mt_event *event)
{
    (void)data;
    free(mt_event_encode(event));
}

static void ignore(void *data, long line, const char *why)
{
    (void)data;
    (void)line;
    if (why == NULL || why[0] == '\0') {
        abort();
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    MT_AUTO_ERROR struct mt_error error = {0};
    const struct mt_journal_listener listener = {.event = write_again, .unreadable = ignore};
    struct mt_fuzz_input input = mt_fuzz_input_open(bytes, size);

    mt_journal_read(input.path, &listener, &error);
    mt_fuzz_input_close(&input);
    return 0;
}
