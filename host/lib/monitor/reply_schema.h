/* SPDX-License-Identifier: Apache-2.0 */
/* The members that the reply to a command can have, by QEMU's own schema. */
#ifndef MT_MONITOR_REPLY_SCHEMA_H
#define MT_MONITOR_REPLY_SCHEMA_H

#include <jansson.h>

/*
 * Makes a list of paths ("status", "ram.total"), at most two members deep, from the reply to
 * query-qmp-schema. The list is empty where the schema has no such command. The caller decrefs it.
 */
json_t *mt_reply_members(const json_t *schema, const char *command);

#endif
