/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Parses a text of the human monitor into names and values. The layout of the text changes from one
 * version of QEMU to another, but the names and values stay the same.
 */
#ifndef MT_VERIFY_VIEW_TEXT_H
#define MT_VERIFY_VIEW_TEXT_H

#include <jansson.h>

/*
 * An object of strings, such as "CPU#0.EAX": "620200", "pic0.irr": "10", "0:31.2.BAR4": "...", from
 * the answer to `command` ("info registers -a", "info lapic", "info pic", "info pci"). The caller
 * owns it.
 */
json_t *mt_view_text_parse(const char *command, const char *text);

#endif
