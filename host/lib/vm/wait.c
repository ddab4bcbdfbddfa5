/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/vm/wait.h"

#include <errno.h>
#include <poll.h>
#include <stdbool.h>
#include <string.h>
#include <sys/wait.h>

#include "base/clock.h"
#include "base/text.h"
#include "lib/vm/vm.h"

/*
 * How often the recording gets the progress of the migration during a wait, for the bundle of a
 * failure. The first second of a wait has none.
 */
static const int64_t question_ms = 1000;

enum {
    FDS_PER_VM = 3,
    MOST_VMS = 2,
};

static nfds_t add_vm(const struct mt_vm *vm, struct pollfd *fds, nfds_t count)
{
    if (mt_monitor_is_open(&vm->monitor)) {
        fds[count++] = (struct pollfd){.fd = vm->monitor.qmp.fd, .events = POLLIN};
    }
    if (mt_vm_guest_fd(vm) >= 0) {
        fds[count++] = (struct pollfd){.fd = mt_vm_guest_fd(vm), .events = POLLIN};
    }
    if (vm->process.pidfd >= 0 && !vm->process.ended) {
        fds[count++] = (struct pollfd){.fd = vm->process.pidfd, .events = POLLIN};
    }
    return count;
}

static void tell_moved(const struct mt_vm *vm, const char *what)
{
    if (vm->observer != NULL && vm->observer->moved != NULL) {
        vm->observer->moved(vm->observer->data, vm->side, what);
    }
}

/*
 * Reads everything that has arrived. That includes what a QEMU that has just ended sent before: its
 * last words count.
 */
static int wait_receive(struct mt_vm *vm, struct mt_error *error)
{
    bool ended = mt_process_check(&vm->process);
    size_t events = vm->monitor.qmp.events.count;

    if (mt_monitor_is_open(&vm->monitor) && mt_qmp_receive(&vm->monitor.qmp, error) < 0) {
        return mt_wrap(error, "the %s", vm->side);
    }
    if (mt_vm_guest_fd(vm) >= 0) {
        if (mt_vm_guest_receive(vm)) {
            tell_moved(vm, "its guest");
        }
    }
    mt_starvation_look(&vm->process.starvation);
    if (vm->monitor.qmp.events.count > events) {
        tell_moved(vm, vm->monitor.qmp.events.entries[vm->monitor.qmp.events.count - 1].name);
        if (mt_events_find(&vm->monitor.qmp.events, "MIGRATION_PASS", events, NULL) != NULL) {
            mt_starvation_note_pass(&vm->process.starvation);
        }
    }
    if (ended) {
        vm->monitor.qmp.closed = true;
        mt_vm_guest_end(vm);
    }
    return 0;
}

static int receive_all(const struct mt_wait *wait, struct mt_error *error)
{
    for (int i = 0; i < MOST_VMS; i++) {
        if (wait->vms[i] != NULL && wait_receive(wait->vms[i], error) < 0) {
            return -1;
        }
    }
    return 0;
}

/*
 * Finds the QEMU to report. A QEMU that is killed closes its sockets before it is gone. Its peer
 * may end because of that, and may be gone first. Then the QEMU that was killed is the cause.
 */
static const struct mt_vm *find_cause(const struct mt_wait *wait, const struct mt_vm *ended)
{
    const int moment_ms = (int)mt_wait_limit(ended, 2000);

    for (int i = 0; i < MOST_VMS && WIFEXITED(ended->process.status); i++) {
        struct mt_vm *other = wait->vms[i];
        if (other != NULL && other != ended && mt_process_ends_within(&other->process, moment_ms) &&
            WIFSIGNALED(other->process.status)) {
            return other;
        }
    }
    return ended;
}

/* A guest that has found a fault has halted. Then the wait might never succeed. */
static int wait_check_guests(const struct mt_wait *wait, struct mt_error *error)
{
    for (int i = 0; i < MOST_VMS; i++) {
        struct mt_vm *vm = wait->vms[i];
        if (vm != NULL && mt_vm_guest_check_complaint(vm, error) < 0) {
            return strcmp(vm->side, wait->side) == 0 ? -1 : mt_wrap(error, "on the %s", vm->side);
        }
    }
    return 0;
}

static int check_ended(const struct mt_wait *wait, struct mt_error *error)
{
    for (int i = 0; i < MOST_VMS; i++) {
        if (wait->vms[i] != NULL && wait->vms[i]->process.ended && !wait->end_is_fine) {
            return mt_process_fail_ended(&find_cause(wait, wait->vms[i])->process, error);
        }
    }
    return 0;
}

static int check_shutdowns(const struct mt_wait *wait, struct mt_error *error)
{
    for (int i = 0; i < MOST_VMS; i++) {
        if (wait->vms[i] != NULL && mt_vm_check_shutdown(wait->vms[i], error) < 0) {
            return -1;
        }
    }
    return 0;
}

static int poll_vms(const struct mt_wait *wait, int64_t left, struct mt_error *error)
{
    struct pollfd fds[FDS_PER_VM * MOST_VMS];
    nfds_t count = 0;
    bool watched = false;

    for (int i = 0; i < MOST_VMS; i++) {
        if (wait->vms[i] != NULL) {
            count = add_vm(wait->vms[i], fds, count);
            watched = watched || wait->vms[i]->process.starvation.watched;
        }
    }
    if (watched && left > MT_STARVATION_LOOK_MS) {
        left = MT_STARVATION_LOOK_MS;
    }
    if (wait->look_again_ms > 0 && wait->look_again_ms < left) {
        left = wait->look_again_ms;
    }
    if (left > question_ms) {
        left = question_ms;
    }
    if (poll(fds, count, (int)left) < 0 && errno != EINTR) {
        return mt_fail_errno(error, "cannot wait");
    }
    return 0;
}

static void ask_for_recording(const struct mt_wait *wait, int64_t *next_ms)
{
    if (mt_now_ms() < *next_ms) {
        return;
    }
    *next_ms = mt_now_ms() + question_ms;
    for (int i = 0; i < MOST_VMS; i++) {
        if (wait->vms[i] != NULL && wait->vms[i]->monitor.qmp.greeted) {
            mt_qmp_ask_for_recording(&wait->vms[i]->monitor.qmp, "query-migrate");
        }
    }
}

static void wait_announce(const struct mt_vm *vm, const char *side, const char *what, int64_t ms)
{
    if (vm->observer != NULL && vm->observer->waiting != NULL) {
        vm->observer->waiting(vm->observer->data, side, what, ms);
    }
}

int64_t mt_wait_limit(const struct mt_vm *vm, int64_t timeout_ms)
{
    return vm->patience > 0 ? (int64_t)((double)timeout_ms * vm->patience) : timeout_ms;
}

struct limit {
    int64_t ms; /* the whole limit, of which an earlier wait may have used a part */
    int64_t deadline_ms;
    bool looked;
    bool extended;
    struct mt_scheduling from[MOST_VMS];
};

/* Called after the first second of a wait. */
static void limit_look(const struct mt_wait *wait, struct limit *limit)
{
    for (int i = 0; i < MOST_VMS && !limit->looked; i++) {
        if (wait->vms[i] != NULL) {
            mt_scheduling_look(wait->vms[i]->process.pid, &limit->from[i]);
        }
    }
    limit->looked = true;
}

/*
 * Extends the limit once, by the time in which a thread that could have run had no processor, but
 * at most to twice the limit. So a QEMU that hangs is still reported, only later.
 */
static bool limit_extend(const struct mt_wait *wait, struct limit *limit)
{
    int64_t waited_us = 0;

    for (int i = 0; i < MOST_VMS && limit->looked; i++) {
        if (wait->vms[i] != NULL) {
            struct mt_scheduling now;
            mt_scheduling_look(wait->vms[i]->process.pid, &now);
            int64_t us = mt_scheduling_most_waited(&limit->from[i], &now).us;
            waited_us = us > waited_us ? us : waited_us;
        }
    }
    int64_t more_ms = waited_us / 1000 < limit->ms ? waited_us / 1000 : limit->ms;
    if (limit->extended || more_ms < 1) {
        return false;
    }
    limit->extended = true;
    limit->ms += more_ms;
    limit->deadline_ms += more_ms;
    return true;
}

static int wait_look(const struct mt_wait *wait, struct mt_error *error)
{
    if (receive_all(wait, error) < 0 || wait_check_guests(wait, error) < 0) {
        return -1;
    }
    int result = wait->condition(wait->context, error);
    if (result != 0) {
        return result;
    }
    return check_ended(wait, error) < 0 || check_shutdowns(wait, error) < 0 ? -1 : 0;
}

static int wait_loop(const struct mt_wait *wait, struct limit *limit, struct mt_error *error)
{
    int64_t next_question_ms = mt_now_ms() + question_ms;
    bool announced = false;

    for (;;) {
        int result = wait_look(wait, error);
        if (result != 0) {
            return result > 0 ? 0 : -1;
        }
        int64_t left = limit->deadline_ms - mt_now_ms();
        if (left <= 0 && !limit_extend(wait, limit)) {
            return mt_fail(error, "it did not come within %lld ms", (long long)limit->ms);
        }
        left = limit->deadline_ms - mt_now_ms();
        if (!announced) {
            wait_announce(wait->vms[0] != NULL ? wait->vms[0] : wait->vms[1], wait->side,
                          wait->what, left);
            announced = true;
        }
        if (poll_vms(wait, left > 0 ? left : 0, error) < 0) {
            return -1;
        }
        if (mt_now_ms() >= next_question_ms) {
            limit_look(wait, limit);
        }
        ask_for_recording(wait, &next_question_ms);
    }
}

int mt_wait_for(const struct mt_wait *wait, struct mt_error *error)
{
    const struct mt_vm *vm = wait->vms[0] != NULL ? wait->vms[0] : wait->vms[1];
    struct limit limit = {.ms = mt_wait_limit(vm, wait->timeout_ms)};

    limit.deadline_ms = mt_now_ms() + limit.ms;
    if (wait->until_ms != 0 && wait->until_ms < limit.deadline_ms) {
        limit.deadline_ms = wait->until_ms;
    }
    if (wait_loop(wait, &limit, error) < 0) {
        return mt_wrap(error, "waiting for %s (%s)", wait->what, wait->side);
    }
    return 0;
}
