/* SPDX-License-Identifier: Apache-2.0 */
/* The tests that a plugin has registered, in the layout that this library knows. */
#ifndef MT_API_REGISTRY_H
#define MT_API_REGISTRY_H

#include <migtest/plugin.h>

#include "base/error.h"

struct mt_registered_group {
    const char *name;
    struct mt_test *tests; /* copies; a member that an older plugin does not have is zero */
    size_t test_count;
    int (*setup)(void **state);
    int (*teardown)(void **state);
};

struct mt_registry {
    struct mt_registered_group *groups;
    size_t group_count;
    struct mt_error error; /* why the first refused group was refused */
};

MT_API void mt_registry_clear(struct mt_registry *registry);

/* NULL: there is no such test. */
MT_API const struct mt_test *mt_registry_find(const struct mt_registry *registry, const char *group,
                                              const char *test,
                                              const struct mt_registered_group **ret_group);

#endif
