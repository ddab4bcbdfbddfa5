/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where the parts of migtest lie: found from where this program lies, in a build tree as in an
 * unpacked archive and in a package, which has its libraries where its distribution has them.
 */
#ifndef MT_CLI_PLACES_H
#define MT_CLI_PLACES_H

/* A path below lib/migtest; the caller frees it. */
char *mt_place_library(const char *relative);

/* A path below share/migtest. */
char *mt_place_share(const char *relative);

#endif
