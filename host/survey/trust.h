/* SPDX-License-Identifier: Apache-2.0 */
/* Whether only users whom the caller trusts anyway can change a file that code is loaded from. */
#ifndef MT_SURVEY_TRUST_H
#define MT_SURVEY_TRUST_H

#include <sys/types.h>

#include "base/error.h"

/*
 * Checks a file, whose path is absolute and has no links, and every folder up to the root. Each
 * must belong to root, to the caller or to `owner`, and nobody else may write to it; a sticky
 * folder may be writable. The error says how to mend the permissions.
 */
int mt_trust_check(const char *path, uid_t owner, struct mt_error *error);

#endif
