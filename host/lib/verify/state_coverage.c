/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/verify/state_coverage.h"

#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "lib/state/reset.h"

/* The sections that the guest program cannot or should not change, and why. */
static const struct {
    const char *section; /* QEMU's name, or its part after the last slash */
    const char *reason;
} reasons[] = {
    {"kvm-tpr-opt", "only a ROM for old 32-bit versions of Windows uses it, and only under KVM"},
    {"i2c_bus", "machine types up to 3.1 do not keep it, so the guest does not use it"},
    {"PCIBUS", "counts the interrupts that PCI devices raise, and no device raises one here"},
    {"slirp", "QEMU's own network, which ignores the guest's frames"},
    {"globalstate", "has the run state, which is checked by query-status"},
};

static const char *reason_at_reset(const char *section)
{
    const char *last = strrchr(section, '/');

    for (size_t i = 0; i < sizeof(reasons) / sizeof(reasons[0]); i++) {
        if (strcmp(reasons[i].section, last != NULL ? last + 1 : section) == 0) {
            return reasons[i].reason;
        }
    }
    return NULL;
}

static void coverage_append(char **list, const struct mt_section *section)
{
    const char *reason = reason_at_reset(section->name);
    MT_AUTO_FREE char *instance =
        section->instance > 0 ? mt_text("#%u", section->instance) : mt_text_copy("");

    mt_text_append_item(list, "; ", "%s%s%s%s%s", section->name, instance,
                        reason != NULL ? " (" : "", reason != NULL ? reason : "",
                        reason != NULL ? ")" : "");
}

void mt_state_coverage_note(const struct mt_pair *pair, const struct mt_sections *sections)
{
    const json_t *reset = pair->config->reset;
    MT_AUTO_FREE char *at_reset = mt_text_copy("");
    size_t covered = 0;

    if (reset == NULL) {
        return;
    }
    for (size_t i = 0; i < sections->count; i++) {
        if (mt_reset_matches(reset, &sections->items[i])) {
            coverage_append(&at_reset, &sections->items[i]);
        } else {
            covered++;
        }
    }
    MT_AUTO_FREE char *value = mt_text("%zu of %zu sections", covered, sections->count);
    mt_pair_note(pair, "seen", value);
    if (at_reset[0] != '\0') {
        mt_pair_note(pair, "at reset", at_reset);
    }
}
