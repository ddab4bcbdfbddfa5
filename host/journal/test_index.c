/* SPDX-License-Identifier: Apache-2.0 */
#include "journal/test_index.h"

#include "base/cleanup.h"

bool mt_test_index_find(const struct mt_test_index *index, const struct mt_test_id *id,
                        size_t *ret_position)
{
    MT_AUTO_FREE char *name = mt_test_name(id);
    const json_t *position = json_object_get(index->positions, name);

    if (position == NULL) {
        return false;
    }
    *ret_position = (size_t)json_integer_value(position);
    return true;
}

void mt_test_index_add(struct mt_test_index *index, const struct mt_test_id *id, size_t position)
{
    MT_AUTO_FREE char *name = mt_test_name(id);

    if (index->positions == NULL) {
        index->positions = json_object();
    }
    json_object_set_new_nocheck(index->positions, name, json_integer((json_int_t)position));
}

void mt_test_index_clear(struct mt_test_index *index)
{
    json_decref(index->positions);
    index->positions = NULL;
}
