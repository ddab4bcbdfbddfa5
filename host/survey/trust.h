/* SPDX-License-Identifier: Apache-2.0 */
/* Whether a file is nobody's to change but those whom this user trusts anyway: code is loaded from
 * it. */
#ifndef MT_SURVEY_TRUST_H
#define MT_SURVEY_TRUST_H

#include <sys/types.h>

#include "base/error.h"

/*
 * Checks the file behind an absolute path without links, and every folder up to the root: each must
 * belong to root, to the caller or to `owner`, and no other may write to it, sticky folders
 * excepted. The error says what to do about it.
 */
int mt_trust_check(const char *path, uid_t owner, struct mt_error *error);

#endif
