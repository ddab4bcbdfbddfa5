/* SPDX-License-Identifier: Apache-2.0 */
/* A manifest given as text, in a file that is gone again once it is loaded. */
#ifndef MT_TESTS_MANIFEST_SCRATCH_H
#define MT_TESTS_MANIFEST_SCRATCH_H

#include "manifest/manifest.h"

/* As mt_manifest_load(), but the file's name in front of the error is taken off. */
int load_text(const char *text, const char *host, struct mt_manifest **ret_manifest,
              struct mt_error *error);

/* The same for text that must load. */
struct mt_manifest *loaded(const char *text, const char *host);

#endif
