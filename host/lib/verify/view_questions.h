/* SPDX-License-Identifier: Apache-2.0 */
/* The commands that the oracle `second-view` sends, and QEMU's answers as names and values. */
#ifndef MT_VERIFY_VIEW_QUESTIONS_H
#define MT_VERIFY_VIEW_QUESTIONS_H

#include <jansson.h>
#include <stddef.h>

#include "base/error.h"
#include "lib/vm/vm.h"

struct mt_view_question {
    const char *command; /* "info pic", or "x-query-virtio-status" */
    const char *path;    /* of the virtio device; NULL: a command of the human monitor */
    int queue;           /* the queue, for x-query-virtio-queue-status */
};

/*
 * The commands of the human monitor whose answers depend on the state alone. Others do not: the
 * order in `info mtree` varies, and `info irq` shows counters.
 */
extern const char *const mt_view_commands[];
extern const size_t mt_view_command_count;

#define MT_VIRTIO_LIST "x-query-virtio"
#define MT_VIRTIO_STATUS "x-query-virtio-status"
#define MT_VIRTIO_QUEUE_STATUS "x-query-virtio-queue-status"

/* The answer, see text_view.h and view.h; NULL: this QEMU refused, and `error` says how. The
 * caller's. */
int mt_view_ask(struct mt_vm *vm, const struct mt_view_question *question, json_t **ret_answer,
                struct mt_error *error);

/* The paths of the virtio devices: a list of strings, which may be empty. The caller owns it. */
int mt_view_virtio_devices(struct mt_vm *vm, json_t **ret_paths, struct mt_error *error);

#endif
