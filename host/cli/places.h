/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where the files of migtest are, relative to this program: in a build tree, in an unpacked
 * archive, or in a package, which has its libraries in the folder that its distribution uses.
 */
#ifndef MT_CLI_PLACES_H
#define MT_CLI_PLACES_H

/* A path below lib/migtest; the caller frees it. */
char *mt_place_library(const char *relative);

/* A path below share/migtest; the caller frees it. */
char *mt_place_share(const char *relative);

#endif
