/* SPDX-License-Identifier: Apache-2.0 */
/* The tests of this plugin that fill a file of their own. */
#ifndef MT_PLUGINS_PRECOPY_H
#define MT_PLUGINS_PRECOPY_H

#include <migtest/migtest.h>

void auto_converge(void **state);
void bandwidth(void **state);
void leaks(void **state);
void switchover(void **state);

#endif
