/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/diagnostics.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/clean.h"
#include "base/cleanup.h"
#include "base/text.h"
#include "report/disarm.h"

void mt_diagnose(const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    MT_AUTO_FREE char *text = mt_text_va(format, arguments);
    va_end(arguments);
    MT_AUTO_FREE char *clean = mt_clean(text, strlen(text));
    MT_AUTO_FREE char *disarmed = mt_disarm(clean);
    fflush(stdout);
    fprintf(stderr, "migtest: %s\n", disarmed);
}
