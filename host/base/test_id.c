/* SPDX-License-Identifier: Apache-2.0 */
#include "base/test_id.h"

#include "base/text.h"

char *mt_test_name(const struct mt_test_id *id)
{
    return mt_text("%s:%s", id->plugin, id->test);
}
