/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Foreign text that no CI takes for a command. Jenkins publishes the file that [[ATTACHMENT|FILE]]
 * in a case's output names, GitHub obeys lines such as ::error or ::add-mask, others ##COMMAND[.
 * What a QEMU or a plugin prints must not have such an effect.
 */
#ifndef MT_REPORT_DISARM_H
#define MT_REPORT_DISARM_H

/* The text, with a backslash in each such mark, so that it can still be read. The caller frees it.
 */
char *mt_disarm(const char *text);

#endif
