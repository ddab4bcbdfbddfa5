/* SPDX-License-Identifier: Apache-2.0 */
/* How long the pair of a migration had no processor. */
#include <stdlib.h>

#include "lib/migration/steps.h"

int64_t mt_migration_starved_us(struct mt_pair *pair, int64_t from_us, char **ret_who)
{
    int64_t longest_us = -1;

    for (size_t i = 0; i < MT_SIDES; i++) {
        struct mt_vm *vm = pair->sides[i].vm;
        char *who = NULL;
        int64_t us = vm != NULL
                         ? mt_starvation_longest_us(&vm->process.starvation, from_us, true, &who)
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
