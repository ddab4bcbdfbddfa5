/* SPDX-License-Identifier: Apache-2.0 */
/* The tests of this plugin that fill a file of their own. */
#ifndef MT_PLUGINS_DIRTYLIMIT_H
#define MT_PLUGINS_DIRTYLIMIT_H

#include <migtest/migtest.h>

void vcpu_dirty_limit(void **state);

#endif
