/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/monitor/monitor.h"

#include "base/json.h"
#include "base/text.h"

void mt_monitor_init(struct mt_monitor *monitor, int fd)
{
    mt_qmp_init(&monitor->qmp, fd);
    monitor->kept = json_array();
}

void mt_monitor_clear(struct mt_monitor *monitor)
{
    mt_qmp_clear(&monitor->qmp);
    json_decref(monitor->kept);
    monitor->kept = NULL;
}

bool mt_monitor_is_open(const struct mt_monitor *monitor)
{
    return monitor->qmp.fd >= 0 && !monitor->qmp.closed;
}

json_t *mt_monitor_keep(struct mt_monitor *monitor, json_t *value)
{
    json_array_append_new(monitor->kept, value);
    return value;
}

const json_t *mt_monitor_version(const struct mt_monitor *monitor)
{
    return json_object_get(json_object_get(monitor->qmp.greeting, "QMP"), "version");
}

char *mt_version_text(const json_t *version)
{
    const json_t *numbers = json_object_get(version, "qemu");
    const char *package = mt_json_text(version, "package");
    bool has_package = package[0] != '\0';

    return mt_text("%d.%d.%d%s%s%s", (int)json_integer_value(json_object_get(numbers, "major")),
                   (int)json_integer_value(json_object_get(numbers, "minor")),
                   (int)json_integer_value(json_object_get(numbers, "micro")),
                   has_package ? " (" : "", has_package ? package : "", has_package ? ")" : "");
}
