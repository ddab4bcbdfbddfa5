/* SPDX-License-Identifier: Apache-2.0 */
/* What this host's scheduler has given to the guest's CPU. */
#include <inttypes.h>
#include <stdio.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "lib/monitor/reply.h"
#include "lib/vm/vm.h"

int mt_vm_processor_time(struct mt_vm *vm, int64_t *ret_ran_ns, int64_t *ret_waited_ns,
                         struct mt_error *error)
{
    json_t *cpus;

    if (mt_vm_qmp(vm, &cpus, error, "query-cpus-fast", NULL) < 0) {
        return -1;
    }
    const json_t *thread = mt_json_at(cpus, "0.thread-id");
    MT_AUTO_FREE char *path = mt_text("/proc/%d/task/%" JSON_INTEGER_FORMAT "/schedstat",
                                      (int)vm->process.pid, json_integer_value(thread));
    MT_AUTO_FILE FILE *file = fopen(path, "re");
    if (file == NULL || fscanf(file, "%" SCNd64 " %" SCNd64, ret_ran_ns, ret_waited_ns) != 2) {
        return mt_fail(error, "%s does not tell how long the CPU of the %s had a core", path,
                       vm->side);
    }
    return 0;
}
