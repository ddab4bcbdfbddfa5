/* SPDX-License-Identifier: Apache-2.0 */
/* A migtest of the future to link against, and never to run: it has a function more. */
#include <migtest/migtest.h>

MT_API void mt_future(struct mt_pair *pair);

void mt_future(struct mt_pair *pair)
{
    (void)pair;
}

int mt_register_group(struct mt_registry *registry, const struct mt_group *group)
{
    return registry != NULL && group != NULL ? 0 : -1;
}
