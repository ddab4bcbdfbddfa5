/* SPDX-License-Identifier: Apache-2.0 */
/* One QEMU: a process, a monitor and a guest. Everything returns errors. */
#ifndef MT_VM_VM_H
#define MT_VM_VM_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "lib/monitor/monitor.h"
#include "lib/process/process.h"
#include "lib/vm/command_line.h"
#include "lib/vm/guest.h"
#include "lib/vm/launch.h"
#include "lib/vm/observer.h"
#include "lib/vm/wait.h"

#include <migtest/vm.h>

/*
 * How long the reply to a QMP command may take. query-migrate on a destination that loads at full
 * speed is slow.
 */
#define MT_QMP_TIMEOUT_MS 30000

/* How long any single step of a test may take, unless the step has a shorter limit. */
#define MT_STEP_TIMEOUT_MS 40000

struct mt_side;

struct mt_vm {
    const char *side;
    struct mt_side *pair_side; /* the side of a pair that this VM is, for lib/pair; NULL: of none */
    struct mt_process process;
    struct mt_monitor monitor;
    struct mt_guest guest;
    const struct mt_observer *observer;
    double patience; /* multiplies the limit of each wait; 0: 1 */
    const struct mt_qemu_config *qemu;
    const char *scratch;
    const char *accel_in_use;
    bool expected_to_end; /* the test judges how the process ends, if anything does */
    int64_t signalled_ms; /* when QEMU was seen to have been sent a signal to end by; 0: never */
};

struct mt_vm_start {
    const char *side;
    const char *scratch;
    const char
        *recordings; /* a folder, which is made if it is missing; NULL: nothing is recorded */
    const struct mt_observer *observer;
    double patience;
    const struct mt_qemu_config *qemu; /* which QEMU is expected; it outlives the VM */
    struct mt_launch launch;
};

/*
 * Starts the process. Whether QEMU comes up shows when it greets. The launch is taken over, also
 * where the start fails; the strings that it borrows are not used after the call.
 */
int mt_vm_start(struct mt_vm **ret_vm, const struct mt_vm_start *start, struct mt_error *error);

/*
 * Waits for the greeting, negotiates, and finds out which program really runs, and by which
 * accelerator. Fails where the program is another QEMU than the expected one.
 */
int mt_vm_greet(struct mt_vm *vm, struct mt_error *error);

/* Whether both run the same build of QEMU, by the version in the greeting and by the build id. */
bool mt_vm_same_version(const struct mt_vm *vm, const struct mt_vm *other);

/* Kills the process if it still runs, logs its output, and frees the VM. NULL is fine. */
void mt_vm_destroy(struct mt_vm *vm);

/*
 * Runs a command and gives the value that QEMU returned, which the caller decrefs; `ret_value` may
 * be NULL. `arguments` (may be NULL) is taken over. Refusal by QEMU is an error.
 */
int mt_vm_qmp(struct mt_vm *vm, json_t **ret_value, struct mt_error *error, const char *command,
              json_t *arguments);

/* The same with JSON text, see mt_json_format. */
int mt_vm_qmp_format(struct mt_vm *vm, json_t **ret_value, struct mt_error *error,
                     const char *command, const char *format, ...)
    __attribute__((format(printf, 5, 6)));

/*
 * Gives the whole reply, be it a value or an error, which the caller decrefs. The descriptor
 * `pass_fd` is sent along when it is not -1.
 */
int mt_vm_ask(struct mt_vm *vm, json_t **ret_reply, struct mt_error *error, const char *command,
              json_t *arguments, int pass_fd);

/* Gives QEMU a descriptor under a name (getfd). Ours stays open. */
int mt_vm_give_fd(struct mt_vm *vm, int fd, const char *name, struct mt_error *error);

/* Runs a line of the human monitor. The caller frees the text. */
int mt_vm_hmp(struct mt_vm *vm, char **ret_text, const char *line, struct mt_error *error);

/*
 * Waits until there is an event of that name, with the index `from` or later. The event can still
 * be taken by mt_vm_wait_event.
 */
int mt_vm_see_event(struct mt_vm *vm, const char *event, size_t from, int64_t timeout_ms,
                    struct mt_error *error);

/*
 * Waits for the first event of that name that was not taken yet, and takes it. The VM owns the
 * event.
 */
int mt_vm_wait_event(struct mt_vm *vm, json_t **ret_event, const char *event, int64_t timeout_ms,
                     struct mt_error *error);

/*
 * Repeats a command without arguments until it returns that string at that path. Gives the value
 * that QEMU returned, which the caller decrefs; `ret_value` may be NULL.
 */
int mt_vm_wait_reply(struct mt_vm *vm, json_t **ret_value, const char *command, const char *path,
                     const char *expected, int64_t timeout_ms, struct mt_error *error);

/* How long the thread of its first CPU has had a core of this host, and has waited for one. */
int mt_vm_processor_time(struct mt_vm *vm, int64_t *ret_ran_ns, int64_t *ret_waited_ns,
                         struct mt_error *error);

/* "running", "paused", ... The caller frees the text. */
int mt_vm_status(struct mt_vm *vm, char **ret_status, struct mt_error *error);
int mt_vm_expect_status(struct mt_vm *vm, const char *expected, struct mt_error *error);

/* Waits for the end of the process, and fails unless it ends with that exit status. */
int mt_vm_wait_exit(struct mt_vm *vm, int status, struct mt_error *error);

/* Sends `quit`. QEMU may end before its answer is read, so only the exit status can be judged. */
int mt_vm_tell_quit(struct mt_vm *vm, struct mt_error *error);
int mt_vm_quit(struct mt_vm *vm, struct mt_error *error);

/* Whether something outside of the test sent QEMU a signal to end by. */
bool mt_vm_was_stopped(struct mt_vm *vm);

/*
 * Fails where something outside of the test sent QEMU a signal to end by, and QEMU has not ended a
 * few seconds later. Then QEMU hangs, and is killed.
 */
int mt_vm_check_shutdown(struct mt_vm *vm, struct mt_error *error);

/*
 * After a command could not be sent: completes the error. Where the process has ended, how it ended
 * takes the place of the error, as it says more.
 */
int mt_vm_fail_unsent(struct mt_vm *vm, struct mt_error *error);

/* Fails when the monitor is closed but the process runs on. */
int mt_vm_check_monitor(struct mt_vm *vm, struct mt_error *error);

#endif
