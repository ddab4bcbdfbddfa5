/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/api/registry.h"

#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "guest/contract.h"
#include "lib/api/known.h"

static int registry_fail_unknown(struct mt_registry *registry, const char *name, const char *type)
{
    return mt_fail(&registry->error,
                   "%s uses a member of struct %s that this migtest (ABI %d.%d) does not know; it "
                   "needs a newer one",
                   name, type, MT_ABI_MAJOR, MT_ABI_MINOR);
}

static int registry_check_part(struct mt_registry *registry, const char *name, const char *type,
                               const void *part, struct mt_layout ours)
{
    if (mt_struct_lacks_size(part)) {
        return mt_fail(&registry->error,
                       "%s has a struct %s without its size; it is written with its macro, which "
                       "sets that",
                       name, type);
    }
    return mt_struct_uses_unknown(part, ours) ? registry_fail_unknown(registry, name, type) : 0;
}

/* `row` is what the plugin has, and `test` the part of it that is known here. */
static int check_known(struct mt_registry *registry, const struct mt_group *group, size_t index,
                       const struct mt_test *test)
{
    const char *row = (const char *)group->tests + index * group->test_stride;

    if (mt_uses_unknown(row, group->test_stride, MT_LAYOUT(struct mt_test))) {
        return registry_fail_unknown(registry, test->name, "mt_test");
    }
    if (registry_check_part(registry, test->name, "mt_needs", test->needs,
                            MT_LAYOUT(struct mt_needs)) < 0 ||
        registry_check_part(registry, test->name, "mt_machine", test->machine,
                            MT_LAYOUT(struct mt_machine)) < 0) {
        return -1;
    }
    MT_AUTO_FREE struct mt_needs *needs = mt_known_part(test->needs, sizeof(*needs));
    return needs == NULL ? 0
                         : registry_check_part(registry, test->name, "mt_since", needs->since,
                                               MT_LAYOUT(struct mt_since));
}

static struct mt_test *copy_tests(const struct mt_group *group)
{
    struct mt_test *tests = mt_alloc(group->test_count, sizeof(*tests));
    size_t known = group->test_stride < sizeof(*tests) ? group->test_stride : sizeof(*tests);

    for (size_t i = 0; i < group->test_count; i++) {
        memcpy(&tests[i], (const char *)group->tests + i * group->test_stride, known);
    }
    return tests;
}

static bool name_is_taken(const struct mt_registry *registry, const char *name)
{
    for (size_t i = 0; i < registry->group_count; i++) {
        for (size_t j = 0; j < registry->groups[i].test_count; j++) {
            if (strcmp(registry->groups[i].tests[j].name, name) == 0) {
                return true;
            }
        }
    }
    return false;
}

static bool stands_before(const struct mt_test *tests, size_t index)
{
    for (size_t i = 0; i < index; i++) {
        if (strcmp(tests[i].name, tests[index].name) == 0) {
            return true;
        }
    }
    return false;
}

static int check_ram(struct mt_registry *registry, const struct mt_test *test)
{
    struct mt_machine *machine = mt_known_part(test->machine, sizeof(*machine));
    unsigned requested = machine != NULL ? machine->ram_mib : 0;
    const unsigned least = MT_GUEST_TABLE_END / (1024 * 1024) + 1;

    free(machine);
    return requested == 0 || requested >= least
               ? 0
               : mt_fail(&registry->error, "test %s asks for %u MiB of RAM, and its guest needs %u",
                         test->name, requested, least);
}

static int check_tests(struct mt_registry *registry, const struct mt_group *group,
                       const struct mt_test *tests)
{
    for (size_t i = 0; i < group->test_count; i++) {
        if (tests[i].name == NULL || tests[i].name[0] == '\0') {
            return mt_fail(&registry->error, "test %zu of group %s has no name", i + 1,
                           group->name);
        }
        /* A run calls by that name the test case that stands for a plugin that did not load. */
        if (strcmp(tests[i].name, "load") == 0) {
            return mt_fail(&registry->error,
                           "a test of group %s is named load, which stands for "
                           "the loading of its plugin",
                           group->name);
        }
        if (check_known(registry, group, i, &tests[i]) < 0) {
            return -1;
        }
        if (check_ram(registry, &tests[i]) < 0) {
            return -1;
        }
        if (tests[i].run == NULL) {
            return mt_fail(&registry->error, "test %s has no function to run", tests[i].name);
        }
        if (stands_before(tests, i) || name_is_taken(registry, tests[i].name)) {
            return mt_fail(&registry->error, "there are two tests named %s", tests[i].name);
        }
    }
    return 0;
}

int mt_register_group(struct mt_registry *registry, const struct mt_group *theirs)
{
    struct mt_group *group = mt_known_part(theirs, sizeof(*group));
    int result = -1;

    if (group == NULL || group->name == NULL || group->name[0] == '\0') {
        mt_fail(&registry->error, "a group has no name");
    } else if (group->tests == NULL || group->test_count == 0 || group->test_stride == 0) {
        mt_fail(&registry->error, "group %s has no test", group->name);
    } else if (mt_struct_uses_unknown(theirs, MT_LAYOUT(struct mt_group))) {
        registry_fail_unknown(registry, group->name, "mt_group");
    } else {
        struct mt_test *tests = copy_tests(group);
        result = check_tests(registry, group, tests);
        if (result < 0) {
            free(tests);
        } else {
            registry->groups =
                mt_realloc(registry->groups, registry->group_count + 1, sizeof(*registry->groups));
            registry->groups[registry->group_count++] = (struct mt_registered_group){
                mt_text_copy(group->name), tests, group->test_count, group->setup, group->teardown};
        }
    }
    free(group);
    return result;
}

void mt_registry_clear(struct mt_registry *registry)
{
    for (size_t i = 0; i < registry->group_count; i++) {
        free((char *)(uintptr_t)registry->groups[i].name);
        free(registry->groups[i].tests);
    }
    free(registry->groups);
    mt_error_clear(&registry->error);
    *registry = (struct mt_registry){0};
}

const struct mt_test *mt_registry_find(const struct mt_registry *registry, const char *group,
                                       const char *test,
                                       const struct mt_registered_group **ret_group)
{
    for (size_t i = 0; i < registry->group_count; i++) {
        const struct mt_registered_group *candidate = &registry->groups[i];
        if (strcmp(candidate->name, group) != 0) {
            continue;
        }
        for (size_t j = 0; j < candidate->test_count; j++) {
            if (strcmp(candidate->tests[j].name, test) == 0) {
                *ret_group = candidate;
                return &candidate->tests[j];
            }
        }
    }
    return NULL;
}
