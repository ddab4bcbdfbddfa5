/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Makes sure that no CI system takes foreign text for a command. Jenkins publishes the file that
 * [[ATTACHMENT|FILE]] names in the output of a case. GitHub obeys lines such as ::error or
 * ::add-mask, others obey ##COMMAND[. Output of a QEMU or a plugin must not have such an effect.
 */
#ifndef MT_REPORT_DISARM_H
#define MT_REPORT_DISARM_H

/* The text with a backslash in each such mark, so that people can still read it. The caller frees
 * the text. */
char *mt_disarm(const char *text);

#endif
