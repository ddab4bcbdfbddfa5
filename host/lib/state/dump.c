/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/state/dump.h"

#include <unistd.h>

#include "base/cleanup.h"
#include "base/files.h"
#include "base/text.h"

/* Far above the device state of any machine: q35 with a dozen devices has 651 KB. */
static const size_t largest_dump = 256 * 1024 * 1024;

/* `live` must be false: its default would make QEMU give up its disks. */
int mt_state_dump(struct mt_vm *vm, const char *scratch, struct mt_sections *ret_sections,
                  struct mt_error *error)
{
    MT_AUTO_FREE char *path = mt_text("%s/%s.state", scratch, vm->side);
    char *stream;
    size_t size;

    if (mt_vm_qmp_format(vm, NULL, error, MT_STATE_COMMAND, "{'filename': %s, 'live': %i}", path,
                         false) < 0) {
        return -1;
    }
    int result = mt_file_read(path, largest_dump, &stream, &size, error);
    unlink(path);
    if (result < 0 || mt_sections_parse(stream, size, ret_sections, error) < 0) {
        return mt_wrap(error, "reading the device state of the %s", vm->side);
    }
    return 0;
}
