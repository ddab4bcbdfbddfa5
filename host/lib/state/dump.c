/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/state/dump.h"

#include <unistd.h>

#include "base/cleanup.h"
#include "base/files.h"
#include "base/text.h"

/* Far above what any machine has besides RAM: q35 with a dozen devices has 651 KB. */
static const size_t largest = 256 * 1024 * 1024;

/* The default of `live` would let go of the disks. */
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
    int result = mt_file_read(path, largest, &stream, &size, error);
    unlink(path);
    if (result < 0 || mt_sections_parse(stream, size, ret_sections, error) < 0) {
        return mt_wrap(error, "reading the device state of the %s", vm->side);
    }
    return 0;
}
