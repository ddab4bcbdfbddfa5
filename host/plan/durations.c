/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/durations.h"

#include "base/cleanup.h"
#include "base/text.h"
#include "survey/cache.h"

static const char kind[] = "durations";

void mt_durations_load(struct mt_durations *ret_durations, const char *accel)
{
    *ret_durations = (struct mt_durations){
        .known = accel != NULL ? mt_cache_get(kind, accel) : NULL,
        .found = json_object(),
    };
}

double mt_durations_find(const struct mt_durations *durations, const struct mt_test_id *id)
{
    MT_AUTO_FREE char *name = mt_test_name(id);

    return json_number_value(json_object_get(durations->known, name));
}

void mt_durations_add(struct mt_durations *durations, const struct mt_test_id *id, double seconds)
{
    MT_AUTO_FREE char *name = mt_test_name(id);

    json_object_set_new(durations->found, name, json_real(seconds));
}

void mt_durations_save(struct mt_durations *durations, const char *accel)
{
    if (accel != NULL && json_object_size(durations->found) > 0) {
        /* Another run may have saved its durations meanwhile. */
        json_t *all = mt_cache_get(kind, accel);
        if (!json_is_object(all)) {
            json_decref(all);
            all = json_object();
        }
        json_object_update(all, durations->found);
        mt_cache_put(kind, accel, all);
        json_decref(all);
    }
    json_decref(durations->known);
    json_decref(durations->found);
    *durations = (struct mt_durations){0};
}
