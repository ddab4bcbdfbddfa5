/* SPDX-License-Identifier: Apache-2.0 */
#include "worker/qemu_records.h"

#include <stdio.h>

void mt_record_started(const struct mt_records *records, const struct mt_started_qemu *qemu)
{
    json_t *command = json_array();

    for (char *const *arg = qemu->command; *arg != NULL; arg++) {
        json_array_append_new(command, json_string(*arg));
    }
    mt_record(records, "qemu",
              json_pack("{s:s, s:i, s:o, s:s, s:s}", "side", qemu->side, "pid", (int)qemu->pid,
                        "command", command, "accel", qemu->accel, "machine", qemu->machine));
}

static json_t *known_text(const char *text)
{
    return mt_record_text(text != NULL ? text : "unknown");
}

void mt_record_greeted(const struct mt_records *records, const struct mt_greeted_qemu *qemu)
{
    mt_record(records, "greeted",
              json_pack("{s:s, s:i, s:o, s:o, s:o}", "side", qemu->side, "pid", (int)qemu->pid,
                        "version", mt_record_text(qemu->version), "build_id",
                        known_text(qemu->build_id), "program", known_text(qemu->program)));
}

void mt_record_environment(const struct mt_records *records, const char *what)
{
    mt_record(records, "environment", json_pack("{s:o}", "message", mt_record_text(what)));
}

void mt_log_text(void *data, const char *text)
{
    (void)data;
    puts(text);
    fflush(stdout);
}
