/* SPDX-License-Identifier: Apache-2.0 */
/* Which build a program is. */
#ifndef MT_SURVEY_BUILD_ID_H
#define MT_SURVEY_BUILD_ID_H

/* The GNU build id of an ELF file in hexadecimal digits; NULL: it has none. The caller frees it. */
char *mt_build_id(const char *path);

#endif
