/* SPDX-License-Identifier: Apache-2.0 */
/* Loads a manifest from text, through a file that exists only while the manifest is loaded. */
#ifndef MT_TESTS_MANIFEST_SCRATCH_H
#define MT_TESTS_MANIFEST_SCRATCH_H

#include "manifest/manifest.h"

/* Like mt_manifest_load(), but the error does not begin with the name of the file. */
int load_text(const char *text, const char *host, struct mt_manifest **ret_manifest,
              struct mt_error *error);

/* Loads a text that must be valid. The test fails otherwise. */
struct mt_manifest *loaded(const char *text, const char *host);

#endif
