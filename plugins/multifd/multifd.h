/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of this plugin share. */
#ifndef MT_PLUGINS_MULTIFD_H
#define MT_PLUGINS_MULTIFD_H

#include <migtest/migtest.h>

void channels_carry(void **state);
void zero_page_legacy(void **state);
void zero_page_multifd(void **state);
void zero_page_none(void **state);

/* How many channels the manifest asks for. */
static inline unsigned wanted_channels(struct mt_pair *pair)
{
    return (unsigned)mt_option_int(pair, "channels");
}

#endif
