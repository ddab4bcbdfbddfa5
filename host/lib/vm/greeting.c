/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The first exchange with a QEMU finds out which program really runs, and by which accelerator. The
 * file that was started may be a wrapper. It may also have been replaced since the host asked QEMU
 * for its abilities.
 */
#include <string.h>

#include "base/cleanup.h"
#include "base/json.h"
#include "base/text.h"
#include "lib/vm/vm.h"

/* From exec to the greeting, which takes 0.05 s on an idle machine. */
static const int64_t greeting_timeout_ms = 30000;

static int has_greeted(void *context, struct mt_error *error)
{
    struct mt_vm *vm = context;

    return vm->monitor.qmp.greeted ? 1 : mt_vm_check_monitor(vm, error);
}

static int wait_greeting(struct mt_vm *vm, struct mt_error *error)
{
    struct mt_wait wait = {
        .vms = {vm},
        .side = vm->side,
        .what = "QEMU's greeting on its monitor",
        .timeout_ms = greeting_timeout_ms,
        .condition = has_greeted,
        .context = vm,
    };

    return mt_wait_for(&wait, error);
}

/*
 * The process that was started must be QEMU itself: the oracles look at the memory, the
 * descriptors, the threads and the end of that process.
 */
static int check_process(const struct mt_vm *vm, struct mt_error *error)
{
    if (vm->monitor.qmp.sender == 0 || vm->monitor.qmp.sender == vm->process.pid) {
        return 0;
    }
    return mt_fail(error,
                   "%s runs QEMU as another process (%d) than its own (%d); expected a wrapper to "
                   "become QEMU by exec",
                   vm->process.command.items[0], (int)vm->monitor.qmp.sender, (int)vm->process.pid);
}

static const char *build_id_text(const char *build_id)
{
    return build_id != NULL ? build_id : "unknown";
}

static bool is_other(const char *expected, const char *found)
{
    return expected != NULL && found != NULL && strcmp(expected, found) != 0;
}

static int fail_replaced(const struct mt_vm *vm, const char *version, const char *build_id,
                         struct mt_error *error)
{
    mt_error_clear(error);
    mt_fail(error,
            "%s was asked what it can do as QEMU %s, build id %s, and QEMU %s, build id %s, has "
            "started now: the program behind that path was replaced, or it is a wrapper that runs "
            "something else; run again",
            vm->process.command.items[0], vm->qemu->version, build_id_text(vm->qemu->build_id),
            version, build_id_text(build_id));
    if (vm->observer != NULL && vm->observer->environment != NULL) {
        vm->observer->environment(vm->observer->data, mt_error_text(error));
    }
    return -1;
}

static void tell_greeted(const struct mt_vm *vm, const char *version)
{
    if (vm->observer != NULL && vm->observer->greeted != NULL) {
        vm->observer->greeted(vm->observer->data, &(struct mt_greeted_qemu){
                                                      .side = vm->side,
                                                      .pid = vm->process.pid,
                                                      .version = version,
                                                      .build_id = vm->process.image.build_id,
                                                      .program = vm->process.image.path,
                                                  });
    }
}

static void note_image(struct mt_vm *vm, const char *version)
{
    MT_AUTO_ERROR struct mt_error unknown = {0};

    if (mt_image_read(vm->process.pid, &vm->process.image, &unknown) < 0) {
        mt_observer_log(vm->observer, "-- the build of the %s is unknown: %s", vm->side,
                        mt_error_text(&unknown));
    }
    tell_greeted(vm, version);
}

static int note_accelerator_in_use(struct mt_vm *vm, struct mt_error *error)
{
    MT_AUTO_JSON json_t *kvm = NULL;

    if (mt_vm_qmp(vm, &kvm, error, "query-kvm", NULL) < 0) {
        return -1;
    }
    vm->accel_in_use = json_is_true(json_object_get(kvm, "enabled")) ? "kvm" : "tcg";
    return 0;
}

/* Another version may not even know the next commands. So this check comes first. */
static int check_version(struct mt_vm *vm, const char *version, struct mt_error *error)
{
    if (!is_other(vm->qemu->version, version)) {
        return 0;
    }
    note_image(vm, version);
    return fail_replaced(vm, version, vm->process.image.build_id, error);
}

static int check_build(struct mt_vm *vm, const char *version, struct mt_error *error)
{
    note_image(vm, version);
    return is_other(vm->qemu->build_id, vm->process.image.build_id)
               ? fail_replaced(vm, version, vm->process.image.build_id, error)
               : 0;
}

static int negotiate(struct mt_vm *vm, struct mt_error *error)
{
    if (wait_greeting(vm, error) < 0 || check_process(vm, error) < 0) {
        return -1;
    }
    MT_AUTO_FREE char *version = mt_version_text(mt_monitor_version(&vm->monitor));
    if (check_version(vm, version, error) < 0 ||
        mt_vm_qmp(vm, NULL, error, "qmp_capabilities", NULL) < 0 ||
        note_accelerator_in_use(vm, error) < 0) {
        return -1;
    }
    return check_build(vm, version, error);
}

/* The same program without a machine. Another version may not have the machine. */
static struct mt_vm *start_bare(const struct mt_vm *vm, const struct mt_qemu_config *any)
{
    MT_AUTO_ERROR struct mt_error ignored = {0};
    const struct mt_vm_start start = {.side = vm->side,
                                      .scratch = vm->scratch,
                                      .qemu = any,
                                      .launch = mt_command_line_launch_bare(any)};
    struct mt_vm *bare = NULL;

    int result = mt_vm_start(&bare, &start, &ignored);
    if (result == 0 && mt_vm_greet(bare, &ignored) < 0) {
        mt_vm_destroy(mt_take_pointer(bare));
    }
    return bare;
}

/*
 * A QEMU that ended before it could tell its version may be another version, too. So it is started
 * once more, without a machine, and asked.
 */
static void blame_replacement(const struct mt_vm *vm, struct mt_error *error)
{
    struct mt_qemu_config any = *vm->qemu;

    any.version = any.build_id = NULL;
    struct mt_vm *bare = start_bare(vm, &any);
    if (bare != NULL) {
        MT_AUTO_FREE char *version = mt_version_text(mt_monitor_version(&bare->monitor));
        if (is_other(vm->qemu->version, version) ||
            is_other(vm->qemu->build_id, bare->process.image.build_id)) {
            fail_replaced(vm, version, bare->process.image.build_id, error);
        }
    }
    mt_vm_destroy(bare);
}

int mt_vm_greet(struct mt_vm *vm, struct mt_error *error)
{
    if (negotiate(vm, error) < 0) {
        if (vm->process.ended && vm->qemu->version != NULL && !mt_vm_was_stopped(vm)) {
            blame_replacement(vm, error);
        }
        return -1;
    }
    return 0;
}
