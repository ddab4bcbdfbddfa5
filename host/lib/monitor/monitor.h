/* SPDX-License-Identifier: Apache-2.0 */
/* The monitor of one QEMU: its QMP connection, and what is kept of its replies. */
#ifndef MT_MONITOR_MONITOR_H
#define MT_MONITOR_MONITOR_H

#include <jansson.h>

#include "lib/monitor/qmp.h"

struct mt_monitor {
    struct mt_qmp qmp;
    json_t *kept; /* a list of the values that were lent to the test */
};

void mt_monitor_init(struct mt_monitor *monitor, int fd);
void mt_monitor_clear(struct mt_monitor *monitor);

/* Whether something may still come over the connection. */
bool mt_monitor_is_open(const struct mt_monitor *monitor);

/*
 * Takes a value over, and lends it until the monitor is cleared. This is for the test alone, which
 * frees no replies: the library frees what it has asked for.
 */
json_t *mt_monitor_keep(struct mt_monitor *monitor, json_t *value);

/* The greeting's version, which the monitor owns; NULL: QEMU has not greeted yet. */
const json_t *mt_monitor_version(const struct mt_monitor *monitor);

/* "10.0.2 (Debian 1:10.0.2+ds-1)" of a greeting's version. The caller frees it. */
char *mt_version_text(const json_t *version);

#endif
