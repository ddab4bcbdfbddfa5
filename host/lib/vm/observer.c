/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/vm/observer.h"

#include <stdarg.h>

#include "base/cleanup.h"
#include "base/text.h"

void mt_observer_log(const struct mt_observer *observer, const char *format, ...)
{
    va_list arguments;

    if (observer == NULL || observer->log == NULL) {
        return;
    }
    va_start(arguments, format);
    MT_AUTO_FREE char *text = mt_text_va(format, arguments);
    va_end(arguments);
    observer->log(observer->data, text);
}
