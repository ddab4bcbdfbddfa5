/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/verify/cpuid.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdlib.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "lib/verify/verify.h"

/* More bits than these are a number rather than flags. */
enum { MOST_BITS_NAMED = 8 };

static char *name_bits(uint32_t bits)
{
    int count = __builtin_popcount(bits);
    const char *separator = " ";

    if (count > MOST_BITS_NAMED) {
        return mt_text("%d bits", count);
    }
    char *names = mt_text_copy(count == 1 ? "bit" : "bits");
    for (unsigned i = 0; i < 32; i++) {
        if ((bits >> i & 1) != 0) {
            mt_text_append(&names, "%s%u", separator, i);
            separator = ", ";
        }
    }
    return names;
}

/* Adds to the list, which is text. */
static void describe(char **list, const struct mt_cpuid_difference *difference, uint32_t bits)
{
    static const char *const registers[MT_CPUID_REGISTERS] = {"eax", "ebx", "ecx", "edx"};
    MT_AUTO_FREE char *names = name_bits(bits);
    MT_AUTO_FREE char *subleaf = difference->subleaf > 0
                                     ? mt_text(" subleaf 0x%" PRIx32, difference->subleaf)
                                     : mt_text_copy("");

    mt_text_append_item(list, "; ",
                        "leaf 0x%" PRIx32 "%s %s: source 0x%08" PRIx32 ", destination 0x%08" PRIx32
                        " (%s)",
                        difference->leaf, subleaf, registers[difference->which], difference->before,
                        difference->now, names);
}

/* CPUID as the guest of a QEMU has it that starts without a migration. */
static int ask_control(struct mt_pair *pair, const struct mt_qemu_config *qemu,
                       struct mt_cpuid *ret_cpuid, struct mt_error *error)
{
    struct mt_vm *vm = NULL;
    int result = mt_pair_start_control(pair, qemu, &vm, error);

    if (result == 0) {
        result = mt_vm_greet(vm, error);
    }
    if (result == 0) {
        result = mt_vm_identify_guest(vm, error);
    }
    if (result == 0) {
        *ret_cpuid = vm->serial.cpuid;
        vm->serial.cpuid = (struct mt_cpuid){0};
    }
    mt_vm_destroy(vm);
    return result;
}

static uint32_t word(const struct mt_cpuid *cpuid, const struct mt_cpuid_difference *difference)
{
    return mt_cpuid_word(cpuid, difference->leaf, difference->subleaf, difference->which);
}

/* Which bits of a difference have a reason that is not the migration; `controls` may be one. */
typedef uint32_t explain(const struct mt_cpuid_difference *difference,
                         const struct mt_cpuid controls[2]);

/* The destination shows them by itself, too. */
static uint32_t explain_by_destination(const struct mt_cpuid_difference *difference,
                                       const struct mt_cpuid controls[2])
{
    return ~(difference->now ^ word(&controls[0], difference));
}

/* Two of the same do not agree on them. */
static uint32_t explain_by_volatility(const struct mt_cpuid_difference *difference,
                                      const struct mt_cpuid controls[2])
{
    return explain_by_destination(difference, controls) |
           (word(&controls[0], difference) ^ word(&controls[1], difference));
}

/* Another of the source's does not show what the source did. */
static uint32_t explain_by_source(const struct mt_cpuid_difference *difference,
                                  const struct mt_cpuid controls[2])
{
    return difference->before ^ word(&controls[0], difference);
}

struct verdict {
    char *explained;
    char *changed; /* "": nothing */
};

static void clear(struct verdict *verdict)
{
    free(verdict->explained);
    free(verdict->changed);
}

static struct verdict judge(const struct mt_cpuid *seen, explain *reason,
                            const struct mt_cpuid controls[2])
{
    struct verdict verdict = {mt_text_copy(""), mt_text_copy("")};

    for (size_t i = 0; i < seen->difference_count; i++) {
        const struct mt_cpuid_difference *difference = &seen->differences[i];
        uint32_t bits = difference->before ^ difference->now;
        uint32_t explained = bits & reason(difference, controls);
        if (explained != 0) {
            describe(&verdict.explained, difference, explained);
        }
        if (bits != explained) {
            describe(&verdict.changed, difference, bits & ~explained);
        }
    }
    return verdict;
}

static int conclude(const struct mt_pair *pair, const struct verdict *verdict, const char *why,
                    struct mt_error *error)
{
    if (verdict->explained[0] != '\0') {
        MT_AUTO_FREE char *note = mt_text("%s: %s", why, verdict->explained);
        mt_pair_note(pair, "cpuid", note);
    }
    return verdict->changed[0] == '\0' ? 0 : mt_fail(error, "CPUID %s", verdict->changed);
}

/* Nothing but the run can make them differ; of what it does, the source's own control has more. */
static int judge_same(struct mt_pair *pair, const struct mt_cpuid *seen, struct mt_error *error)
{
    struct mt_cpuid controls[2] = {{0}, {0}};

    if (ask_control(pair, &pair->config->source, &controls[0], error) < 0) {
        return MT_CANNOT_LOOK;
    }
    struct verdict verdict = judge(seen, explain_by_source, controls);
    int result = conclude(pair, &verdict, "differs from run to run", error);
    clear(&verdict);
    mt_cpuid_clear(&controls[0]);
    return result;
}

static int judge_other(struct mt_pair *pair, const struct mt_cpuid *seen, struct mt_error *error)
{
    const struct mt_qemu_config *qemu = &pair->config->destination;
    struct mt_cpuid controls[2] = {{0}, {0}};

    if (ask_control(pair, qemu, &controls[0], error) < 0) {
        return MT_CANNOT_LOOK;
    }
    struct verdict verdict = judge(seen, explain_by_destination, controls);
    int result = 0;
    if (verdict.changed[0] != '\0') {
        result = ask_control(pair, qemu, &controls[1], error) < 0 ? MT_CANNOT_LOOK : 0;
        clear(&verdict);
        verdict = judge(seen, explain_by_volatility, controls);
    }
    if (result == 0) {
        result = conclude(pair, &verdict, "the destination's QEMU shows by itself", error);
    }
    clear(&verdict);
    mt_cpuid_clear(&controls[0]);
    mt_cpuid_clear(&controls[1]);
    return result;
}

static char *describe_all(const struct mt_cpuid *seen)
{
    char *list = mt_text_copy("");

    for (size_t i = 0; i < seen->difference_count; i++) {
        const struct mt_cpuid_difference *difference = &seen->differences[i];
        describe(&list, difference, difference->before ^ difference->now);
    }
    return list;
}

static int cannot_look(const struct mt_cpuid *seen, struct mt_error *error)
{
    MT_AUTO_FREE char *list = describe_all(seen);

    mt_wrap(error,
            "CPUID differs, and a QEMU that could tell whether the migration changed that does not "
            "start: %s",
            list);
    return MT_CANNOT_LOOK;
}

/* Its guest has not been migrated. */
static int judge_source(const struct mt_vm *source, struct mt_error *error)
{
    if (source == NULL || source->serial.cpuid.difference_count == 0) {
        return 0;
    }
    return mt_fail(error,
                   "the guest on the source sees another CPUID than at its start, in %zu registers",
                   source->serial.cpuid.difference_count);
}

int mt_cpuid_compare(struct mt_pair *pair, struct mt_error *error)
{
    struct mt_cpuid *seen = pair->sides[MT_DESTINATION].vm != NULL
                                ? &pair->sides[MT_DESTINATION].vm->serial.cpuid
                                : NULL;

    if (judge_source(pair->sides[MT_SOURCE].vm, error) < 0) {
        return -1;
    }
    if (seen == NULL || seen->difference_count == 0 || seen->judged) {
        return 0;
    }
    bool same = mt_vm_same_version(pair->sides[MT_SOURCE].vm, pair->sides[MT_DESTINATION].vm);
    seen->judged = true;
    int result = same ? judge_same(pair, seen, error) : judge_other(pair, seen, error);
    return result == MT_CANNOT_LOOK ? cannot_look(seen, error) : result;
}

void mt_cpuid_note(const struct mt_pair *pair)
{
    const struct mt_cpuid *seen = &pair->sides[MT_DESTINATION].vm->serial.cpuid;

    if (seen->difference_count > 0 && !seen->judged) {
        MT_AUTO_FREE char *list = describe_all(seen);
        mt_pair_note(pair, "cpuid", list);
    }
}
