/* SPDX-License-Identifier: Apache-2.0 */
#include "worker/log.h"

#include <stdio.h>

void mt_log_text(void *data, const char *text)
{
    (void)data;
    puts(text);
    fflush(stdout);
}
