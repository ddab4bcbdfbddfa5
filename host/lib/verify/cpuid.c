/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/verify/cpuid.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdlib.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "lib/verify/verify.h"

/* If more bits than these differ, the register is a number rather than flags. */
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

/* Appends one register with the bits that differ to the list. */
static void cpuid_describe(char **list, const struct mt_cpuid_difference *difference, uint32_t bits)
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

/* What the guest of a fresh QEMU sees by CPUID. Nothing is migrated into this QEMU. */
static int cpuid_ask_control(struct mt_pair *pair, const struct mt_qemu_config *qemu,
                             struct mt_cpuid *ret_cpuid, struct mt_error *error)
{
    struct mt_vm *vm = NULL;
    int result = mt_pair_start_control(pair, qemu, &vm, error);

    if (result == 0) {
        result = mt_vm_greet(vm, error);
    }
    if (result == 0) {
        result = mt_vm_guest_identify(vm, error);
    }
    if (result == 0) {
        *ret_cpuid = *mt_vm_guest_cpuid(vm);
        *mt_vm_guest_cpuid(vm) = (struct mt_cpuid){0};
    }
    mt_vm_destroy(vm);
    return result;
}

static uint32_t control_word(const struct mt_cpuid *cpuid,
                             const struct mt_cpuid_difference *difference)
{
    return mt_cpuid_word(cpuid, difference->leaf, difference->subleaf, difference->which);
}

/* The bits of a difference that have another reason than the migration. Some reasons need only the
 * first of the two controls. */
typedef uint32_t explain(const struct mt_cpuid_difference *difference,
                         const struct mt_cpuid controls[2]);

/* A control of the destination shows the same bits as the destination. */
static uint32_t explain_by_destination(const struct mt_cpuid_difference *difference,
                                       const struct mt_cpuid controls[2])
{
    return ~(difference->now ^ control_word(&controls[0], difference));
}

/* As explain_by_destination; or two controls of the destination differ in these bits. */
static uint32_t explain_by_volatility(const struct mt_cpuid_difference *difference,
                                      const struct mt_cpuid controls[2])
{
    return explain_by_destination(difference, controls) |
           (control_word(&controls[0], difference) ^ control_word(&controls[1], difference));
}

/* A control of the source does not show the bits that the source has shown. */
static uint32_t explain_by_source(const struct mt_cpuid_difference *difference,
                                  const struct mt_cpuid controls[2])
{
    return difference->before ^ control_word(&controls[0], difference);
}

struct cpuid_verdict {
    char *explained;
    char *changed; /* both are lists, "" where there is nothing */
};

static void cpuid_verdict_clear(struct cpuid_verdict *verdict)
{
    free(verdict->explained);
    free(verdict->changed);
}

static struct cpuid_verdict cpuid_judge(const struct mt_cpuid *reported, explain *reason,
                                        const struct mt_cpuid controls[2])
{
    struct cpuid_verdict verdict = {mt_text_copy(""), mt_text_copy("")};

    for (size_t i = 0; i < reported->difference_count; i++) {
        const struct mt_cpuid_difference *difference = &reported->differences[i];
        uint32_t bits = difference->before ^ difference->now;
        uint32_t explained = bits & reason(difference, controls);
        if (explained != 0) {
            cpuid_describe(&verdict.explained, difference, explained);
        }
        if (bits != explained) {
            cpuid_describe(&verdict.changed, difference, bits & ~explained);
        }
    }
    return verdict;
}

static int cpuid_conclude(const struct mt_pair *pair, const struct cpuid_verdict *verdict,
                          const char *why, struct mt_error *error)
{
    if (verdict->explained[0] != '\0') {
        MT_AUTO_FREE char *note = mt_text("%s: %s", why, verdict->explained);
        mt_pair_note(pair, "cpuid", note);
    }
    return verdict->changed[0] == '\0' ? 0 : mt_fail(error, "CPUID %s", verdict->changed);
}

/* Both sides are the same version, so only bits that differ from run to run are excused. A control
 * of the source shows which these are. */
static int cpuid_judge_same(struct mt_pair *pair, const struct mt_cpuid *reported,
                            struct mt_error *error)
{
    struct mt_cpuid controls[2] = {{0}, {0}};

    if (cpuid_ask_control(pair, &pair->config->source, &controls[0], error) < 0) {
        return MT_CANNOT_LOOK;
    }
    struct cpuid_verdict verdict = cpuid_judge(reported, explain_by_source, controls);
    int result = cpuid_conclude(pair, &verdict, "differs from run to run", error);
    cpuid_verdict_clear(&verdict);
    mt_cpuid_clear(&controls[0]);
    return result;
}

/* A second control of the destination is started only if the first does not explain everything. */
static int cpuid_judge_versions(struct mt_pair *pair, const struct mt_cpuid *reported,
                                struct mt_error *error)
{
    const struct mt_qemu_config *qemu = &pair->config->destination;
    struct mt_cpuid controls[2] = {{0}, {0}};

    if (cpuid_ask_control(pair, qemu, &controls[0], error) < 0) {
        return MT_CANNOT_LOOK;
    }
    struct cpuid_verdict verdict = cpuid_judge(reported, explain_by_destination, controls);
    int result = 0;
    if (verdict.changed[0] != '\0') {
        result = cpuid_ask_control(pair, qemu, &controls[1], error) < 0 ? MT_CANNOT_LOOK : 0;
        cpuid_verdict_clear(&verdict);
        verdict = cpuid_judge(reported, explain_by_volatility, controls);
    }
    if (result == 0) {
        result = cpuid_conclude(pair, &verdict, "the destination's QEMU shows by itself", error);
    }
    cpuid_verdict_clear(&verdict);
    mt_cpuid_clear(&controls[0]);
    mt_cpuid_clear(&controls[1]);
    return result;
}

static char *describe_all(const struct mt_cpuid *reported)
{
    char *list = mt_text_copy("");

    for (size_t i = 0; i < reported->difference_count; i++) {
        const struct mt_cpuid_difference *difference = &reported->differences[i];
        cpuid_describe(&list, difference, difference->before ^ difference->now);
    }
    return list;
}

static int cpuid_cannot_look(const struct mt_cpuid *reported, struct mt_error *error)
{
    MT_AUTO_FREE char *list = describe_all(reported);

    mt_wrap(error,
            "CPUID differs, and a QEMU that could tell whether the migration changed that does not "
            "start: %s",
            list);
    return MT_CANNOT_LOOK;
}

/* The guest on the source was not migrated, so it must see what it saw at its start. */
static int cpuid_check_source(struct mt_vm *source, struct mt_error *error)
{
    if (source == NULL || mt_vm_guest_cpuid(source)->difference_count == 0) {
        return 0;
    }
    return mt_fail(error,
                   "the guest on the source sees another CPUID than at its start, in %zu registers",
                   mt_vm_guest_cpuid(source)->difference_count);
}

int mt_cpuid_compare(struct mt_pair *pair, struct mt_error *error)
{
    struct mt_cpuid *reported = pair->sides[MT_DESTINATION].vm != NULL
                                    ? mt_vm_guest_cpuid(pair->sides[MT_DESTINATION].vm)
                                    : NULL;

    if (cpuid_check_source(pair->sides[MT_SOURCE].vm, error) < 0) {
        return -1;
    }
    if (reported == NULL || reported->difference_count == 0 || reported->judged) {
        return 0;
    }
    bool same = mt_vm_same_version(pair->sides[MT_SOURCE].vm, pair->sides[MT_DESTINATION].vm);
    reported->judged = true;
    int result = same ? cpuid_judge_same(pair, reported, error)
                      : cpuid_judge_versions(pair, reported, error);
    return result == MT_CANNOT_LOOK ? cpuid_cannot_look(reported, error) : result;
}

void mt_cpuid_note(const struct mt_pair *pair)
{
    const struct mt_cpuid *reported = mt_vm_guest_cpuid(pair->sides[MT_DESTINATION].vm);

    if (reported->difference_count > 0 && !reported->judged) {
        MT_AUTO_FREE char *list = describe_all(reported);
        mt_pair_note(pair, "cpuid", list);
    }
}
