/* SPDX-License-Identifier: Apache-2.0 */
/* Where in a list a test stands, found by the test's name. */
#ifndef MT_JOURNAL_TEST_INDEX_H
#define MT_JOURNAL_TEST_INDEX_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/test_id.h"

struct mt_test_index {
    json_t *positions; /* by PLUGIN:TEST; NULL: the list is empty */
};

/* Returns false, and sets nothing, if the list does not have the test. */
bool mt_test_index_find(const struct mt_test_index *index, const struct mt_test_id *id,
                        size_t *ret_position);
void mt_test_index_add(struct mt_test_index *index, const struct mt_test_id *id, size_t position);
void mt_test_index_clear(struct mt_test_index *index);

#endif
