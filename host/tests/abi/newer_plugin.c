/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Plugins built with the headers of a newer minor. Each has a struct mt_test with a member more:
 * NEEDS_FUNCTION calls what only the newer library has, USES_MEMBER sets the member, and
 * USES_RESERVED one that lies in bytes which are reserved here; without any of these a plugin needs
 * nothing of the newer minor.
 */
#include <migtest/migtest.h>

#undef MT_ABI_MINOR
#define MT_ABI_MINOR 1

#ifdef NEEDS_FUNCTION
void mt_future(struct mt_pair *pair);
#endif

MT_PLUGIN(.name = NAME, .version = "1.0", .vendor = "migtest", .licence = "Apache-2.0");

struct newer_test {
    struct mt_test known;
    const char *member;
};

static void note(void **state)
{
#ifdef NEEDS_FUNCTION
    mt_future(*state);
#endif
    mt_note(*state, "built", "with newer headers");
}

static const struct newer_test tests[] = {
    {.known =
         {
             .name = "note",
             .run = note,
#ifdef USES_RESERVED
             .reserved = {1},
#endif
         },
#ifdef USES_MEMBER
     .member = "what this migtest cannot know"
#endif
    },
};

int mt_plugin_register(struct mt_registry *registry)
{
    return mt_register_group(registry, &(const struct mt_group){.size = sizeof(struct mt_group),
                                                                .name = NAME,
                                                                .tests = &tests[0].known,
                                                                .test_count = 1,
                                                                .test_stride = sizeof(tests[0])});
}
