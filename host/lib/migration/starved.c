/* SPDX-License-Identifier: Apache-2.0 */
/* How long the pair of a migration had no processor. */
#include <stdlib.h>

#include "lib/migration/steps.h"

int64_t mt_migration_starved_us(struct mt_pair *pair, int64_t from_us, char **ret_who)
{
    struct mt_vm *vms[] = {pair->sides[MT_SOURCE].vm, pair->sides[MT_DESTINATION].vm};
    int64_t longest_us = -1;

    for (int i = 0; i < 2; i++) {
        char *who = NULL;
        int64_t us = vms[i] != NULL ? mt_starvation_longest_us(&vms[i]->process.starvation, from_us,
                                                               true, &who)
                                    : -1;
        if (us > longest_us && ret_who != NULL) {
            char *before = longest_us >= 0 ? *ret_who : NULL;
            *ret_who = who;
            who = before;
        }
        free(who);
        longest_us = us > longest_us ? us : longest_us;
    }
    return longest_us > 0 ? longest_us : 0;
}
