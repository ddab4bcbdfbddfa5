/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/verify/ram.h"

#include <inttypes.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "lib/pair/run.h"
#include "lib/verify/ram_blocks.h"
#include "lib/verify/ram_memory.h"
#include "lib/verify/verify.h"

static char *hex(const unsigned char *bytes, size_t count)
{
    char *text = NULL;

    for (size_t i = 0; i < count; i++) {
        mt_text_append_item(&text, " ", "%02x", bytes[i]);
    }
    return text;
}

static int ram_fail_different(const struct mt_ram_block *block,
                              const struct mt_ram_difference *difference, struct mt_error *error)
{
    MT_AUTO_FREE char *source = hex(difference->source, sizeof(difference->source));
    MT_AUTO_FREE char *destination = hex(difference->destination, sizeof(difference->destination));

    return mt_fail(error,
                   "%" PRIu64 " pages of block %s differ, first at offset 0x%" PRIx64
                   ": source %s, destination %s",
                   difference->pages, block->name, difference->first_offset, source, destination);
}

/* The watch must see that the test makes progress: with a large guest, this comparison takes longer
 * than any other step. */
static const int64_t report_interval_ms = 1000;

struct ram_progress {
    const struct mt_observer *observer;
    uint64_t size;
};

static void ram_report_progress(void *data, uint64_t bytes)
{
    const struct ram_progress *progress = data;
    const unsigned mib = 20;
    MT_AUTO_FREE char *what = mt_text("the comparison of RAM, %" PRIu64 " of %" PRIu64 " MiB",
                                      bytes >> mib, progress->size >> mib);

    if (progress->observer != NULL && progress->observer->moved != NULL) {
        progress->observer->moved(progress->observer->data, "both", what);
    }
}

/*
 * A reset writes the first content back into the ROMs that fw_cfg provides (ACPI tables, for
 * example), and QEMU does not mark these pages as dirty. This does no harm: QEMU builds the content
 * again when the guest selects a ROM, also on the destination.
 */
static bool reset_may_have_rewritten(const struct mt_pair *pair, const struct mt_ram_block *block)
{
    static const char prefix[] = "/rom@";

    return strncmp(block->name, prefix, sizeof(prefix) - 1) == 0 &&
           mt_events_find(&pair->sides[MT_SOURCE].vm->monitor.qmp.events, "RESET",
                          pair->run->from[MT_SOURCE], NULL) != NULL;
}

static int judge_difference(const struct mt_pair *pair, const struct mt_ram_block *block,
                            const struct mt_ram_difference *difference, struct mt_error *error)
{
    if (difference->pages == 0) {
        return 0;
    }
    if (!reset_may_have_rewritten(pair, block)) {
        return ram_fail_different(block, difference, error);
    }
    MT_AUTO_FREE char *value = mt_text("block %s: the source was reset during the migration, and "
                                       "QEMU does not send what a reset writes there",
                                       block->name);
    mt_pair_note(pair, "not kept by QEMU", value);
    return 0;
}

static int compare_block(struct mt_pair *pair, const struct mt_ram_block *source,
                         const struct mt_ram_blocks *destinations, bool *ret_compared,
                         struct mt_error *error)
{
    const struct mt_ram_block *destination = mt_ram_blocks_find(destinations, source->name);
    struct mt_ram_difference difference = {0};

    if (destination == NULL) {
        return mt_fail(error, "the destination has no block %s", source->name);
    }
    if (source->used != destination->used) {
        return mt_fail(error,
                       "block %s has %" PRIu64 " bytes in use on the source and %" PRIu64
                       " on the destination",
                       source->name, source->used, destination->used);
    }
    *ret_compared = source->address != 0 && destination->address != 0;
    if (!*ret_compared) {
        return 0;
    }
    struct mt_ram_memory source_memory = {"source", pair->sides[MT_SOURCE].vm->process.pid,
                                          source->address};
    struct mt_ram_memory destination_memory = {
        "destination", pair->sides[MT_DESTINATION].vm->process.pid, destination->address};
    struct ram_progress progress = {pair->config->observer, source->used};
    const struct mt_ram_listener listener = {&progress, report_interval_ms, ram_report_progress};
    if (mt_ram_memory_compare(&source_memory, &destination_memory, source->used, &listener,
                              &difference, error) < 0) {
        return MT_CANNOT_LOOK;
    }
    return judge_difference(pair, source, &difference, error);
}

static void note_compared(const struct mt_pair *pair, uint64_t bytes,
                          const struct mt_strings *not_compared)
{
    MT_AUTO_FREE char *names = mt_text_copy("");
    for (size_t i = 0; i < not_compared->count; i++) {
        mt_text_append(&names, "%s %s",
                       i > 0 ? ","
                             : "; not compared, as this QEMU does "
                               "not say where they lie:",
                       not_compared->items[i]);
    }
    MT_AUTO_FREE char *value = mt_text("%" PRIu64 " KiB equal%s", bytes / 1024, names);
    mt_pair_note(pair, "ram", value);
}

/* The name of the block that is the guest's main RAM depends on the machine. So the size tells
 * whether this block was compared. If it was not, the oracle has not looked. */
static int expect_main_ram(const struct mt_pair *pair, uint64_t bytes, struct mt_error *error)
{
    uint64_t ram = (uint64_t)pair->config->machine.ram;

    if (bytes < ram) {
        mt_fail(error,
                "these QEMUs do not say where the guest's RAM lies: of %" PRIu64 " KiB %" PRIu64
                " could be compared",
                ram / 1024, bytes / 1024);
        return MT_CANNOT_LOOK;
    }
    return 0;
}

static int compare_blocks(struct mt_pair *pair, const struct mt_ram_blocks *sources,
                          const struct mt_ram_blocks *destinations, struct mt_error *error)
{
    struct mt_strings not_compared = {0};
    uint64_t bytes = 0;
    int result = 0;

    if (sources->count != destinations->count) {
        return mt_fail(error, "the source has %zu blocks and the destination %zu", sources->count,
                       destinations->count);
    }
    for (size_t i = 0; i < sources->count && result == 0; i++) {
        const struct mt_ram_block *block = &sources->blocks[i];
        bool compared = false;
        result = compare_block(pair, block, destinations, &compared, error);
        if (compared) {
            bytes += block->used;
        } else {
            mt_strings_add(&not_compared, "%s", block->name);
        }
    }
    if (result == 0) {
        note_compared(pair, bytes, &not_compared);
        result = expect_main_ram(pair, bytes, error);
    }
    mt_strings_clear(&not_compared);
    return result;
}

int mt_ram_compare(struct mt_pair *pair, struct mt_error *error)
{
    struct mt_ram_blocks sources = {0};
    struct mt_ram_blocks destinations = {0};
    int result = MT_CANNOT_LOOK;

    if (mt_ram_blocks_query(pair->sides[MT_SOURCE].vm, &sources, error) == 0 &&
        mt_ram_blocks_query(pair->sides[MT_DESTINATION].vm, &destinations, error) == 0) {
        result = compare_blocks(pair, &sources, &destinations, error);
    }
    mt_ram_blocks_clear(&sources);
    mt_ram_blocks_clear(&destinations);
    return result;
}
