/* SPDX-License-Identifier: Apache-2.0 */
/* Which members the reply to a command can have, by QEMU's own schema. */
#ifndef MT_MONITOR_REPLY_SCHEMA_H
#define MT_MONITOR_REPLY_SCHEMA_H

#include <jansson.h>

/*
 * A list of paths, "status", "ram.total", two members deep, from the reply to query-qmp-schema. It
 * is empty where the schema has no such command. The caller's.
 */
json_t *mt_reply_members(const json_t *schema, const char *command);

#endif
