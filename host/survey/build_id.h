/* SPDX-License-Identifier: Apache-2.0 */
/* The build id of a program. */
#ifndef MT_SURVEY_BUILD_ID_H
#define MT_SURVEY_BUILD_ID_H

/*
 * The GNU build id of an ELF file in hexadecimal digits; NULL: the file has none. The caller frees
 * the text.
 */
char *mt_build_id(const char *path);

#endif
