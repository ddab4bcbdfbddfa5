/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/pair/pair.h"

#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "guest/contract.h"
#include "lib/monitor/json_format.h"
#include "lib/pair/run.h"

static const struct mt_machine *wanted(const struct mt_pair *pair)
{
    static const struct mt_machine nothing = {.size = sizeof(nothing)};

    return pair->config->wanted != NULL ? pair->config->wanted : &nothing;
}

static void append_args(struct mt_pair *pair, const char *const *args)
{
    for (; args != NULL && *args != NULL; args++) {
        mt_strings_add(&pair->args, "%s", *args);
    }
}

int mt_pair_add_args(struct mt_pair *pair, const char *const *args, struct mt_error *error)
{
    if (pair->sides[MT_SOURCE].vm != NULL) {
        return mt_fail(error, "the QEMUs run already, so they take no more arguments");
    }
    append_args(pair, args);
    return 0;
}

struct mt_pair *mt_pair_new(const struct mt_pair_config *config)
{
    struct mt_pair *pair = mt_alloc(1, sizeof(*pair));

    pair->config = config;
    pair->capabilities = json_object();
    pair->parameters = json_object();
    pair->not_kept = json_array();
    pair->not_kept_met = json_array();
    append_args(pair, wanted(pair)->args);
    return pair;
}

void mt_pair_destroy(struct mt_pair *pair)
{
    if (pair->destroy_data != NULL) {
        pair->destroy_data(pair->data);
    }
    for (size_t i = 0; i < MT_SIDES; i++) {
        mt_vm_destroy(pair->sides[i].vm);
        free(pair->sides[i].mark.why_unknown);
        mt_belongings_clear(&pair->sides[i].mark.belongings);
    }
    mt_relay_destroy(pair->relay);
    free(pair->run);
    json_decref(pair->capabilities);
    json_decref(pair->parameters);
    json_decref(pair->not_kept);
    json_decref(pair->not_kept_met);
    for (size_t i = 0; i < pair->owned_count; i++) {
        close(pair->owned_fds[i]);
    }
    free(pair->owned_fds);
    mt_strings_clear(&pair->args);
    free(pair);
}

struct role {
    const char *side;
    const struct mt_qemu_config *qemu;
    const struct mt_machine_config *machine;
    bool incoming;
    bool hold;
    const char *const *args; /* the test's, for this side */
};

static int start_vm(const struct mt_pair *pair, const struct role *role, struct mt_vm **ret_vm,
                    struct mt_error *error)
{
    const struct mt_pair_config *config = pair->config;
    MT_AUTO_FREE char *memory_path =
        mt_text("%s/%s.ram%u", config->scratch, role->side, pair->destinations);

    const struct mt_command_line line = {
        .qemu = role->qemu,
        .machine = role->machine,
        .side = role->side,
        .incoming = role->incoming,
        .hold = role->hold,
        .dirty_ring = wanted(pair)->dirty_ring,
        .memory_path = memory_path,
        .args = (const char *const *)pair->args.items,
        .more_args = role->args,
    };
    const struct mt_vm_start start = {
        .side = role->side,
        .scratch = config->scratch,
        .recordings = config->recordings,
        .observer = config->observer,
        .patience = config->patience,
        .qemu = role->qemu,
        .launch = mt_command_line_launch(&line),
    };

    return mt_vm_start(ret_vm, &start, error);
}

static int start_source(struct mt_pair *pair, struct mt_error *error)
{
    const struct role role = {
        .side = "source",
        .qemu = &pair->config->source,
        .machine = &pair->config->machine,
        .args = wanted(pair)->source_args,
    };

    return start_vm(pair, &role, &pair->sides[MT_SOURCE].vm, error);
}

static int start_destination(struct mt_pair *pair, struct mt_vm **ret_vm, struct mt_error *error)
{
    const struct role role = {
        .side = "destination",
        .qemu = &pair->config->destination,
        .machine = &pair->config->machine,
        .incoming = true,
        .hold = pair->config->hold,
        .args = wanted(pair)->destination_args,
    };

    if (start_vm(pair, &role, ret_vm, error) < 0) {
        return -1;
    }
    pair->destinations++;
    return 0;
}

/* There may be no huge pages left, nor room for one more file. */
static int start_with_plain_memory(struct mt_pair *pair, struct role role, struct mt_vm **ret_vm,
                                   struct mt_error *error)
{
    struct mt_machine_config machine = pair->config->machine;

    machine.memory_backend = "anonymous";
    role.machine = &machine;
    role.args = role.qemu == &pair->config->source ? wanted(pair)->source_args
                                                   : wanted(pair)->destination_args;
    return start_vm(pair, &role, ret_vm, error);
}

int mt_pair_start_another(struct mt_pair *pair, const char *side, const struct mt_qemu_config *qemu,
                          struct mt_vm **ret_vm, struct mt_error *error)
{
    const struct role role = {.side = side, .qemu = qemu, .incoming = true, .hold = true};

    return start_with_plain_memory(pair, role, ret_vm, error);
}

/* Of arguments only what CPUs depend on. */
static void keep_cpu_args(const char *const *args, struct mt_strings *kept)
{
    static const char *const options[] = {"-cpu", "-smp", "-machine", "-M", "-global"};

    for (; args != NULL && args[0] != NULL && args[1] != NULL; args++) {
        for (size_t i = 0; i < sizeof(options) / sizeof(options[0]); i++) {
            if (strcmp(args[0], options[i]) == 0) {
                mt_strings_add(kept, "%s", args[0]);
                mt_strings_add(kept, "%s", args[1]);
            }
        }
    }
}

/* Its guest runs: with the pair's devices it would write to the same disks. */
int mt_pair_start_control(struct mt_pair *pair, const struct mt_qemu_config *qemu,
                          struct mt_vm **ret_vm, struct mt_error *error)
{
    __attribute__((cleanup(mt_strings_clear))) struct mt_strings args = {0};
    struct mt_machine_config machine = pair->config->machine;
    struct mt_qemu_config bare = *qemu;

    keep_cpu_args(machine.args, &args);
    keep_cpu_args((const char *const *)pair->args.items, &args);
    keep_cpu_args(bare.args, &args);
    machine.memory_backend = "anonymous";
    machine.args = NULL;
    bare.args = (const char *const *)args.items;
    const struct mt_command_line line = {.qemu = &bare, .machine = &machine, .side = "control"};
    const struct mt_vm_start start = {
        .side = "control",
        .scratch = pair->config->scratch,
        .recordings = pair->config->recordings,
        .observer = pair->config->observer,
        .patience = pair->config->patience,
        .qemu = qemu,
        .launch = mt_command_line_launch(&line),
    };

    return mt_vm_start(ret_vm, &start, error);
}

/*
 * QEMU takes another accelerator, or the bitmap in place of the dirty ring, with a mere warning. A
 * limit of 0 takes any limit away, and is refused where there is no ring.
 */
static int verify_accelerator(const struct mt_pair *pair, struct mt_vm *vm, struct mt_error *error)
{
    const char *asked = pair->config->machine.accel;

    if (strcmp(vm->accel_in_use, asked) != 0) {
        return mt_fail(error, "the %s was asked for the accelerator %s and runs with %s", vm->side,
                       asked, vm->accel_in_use);
    }
    if (wanted(pair)->dirty_ring > 0 &&
        mt_vm_qmp_format(vm, NULL, error, "set-vcpu-dirty-limit", "{'dirty-rate': 0}") < 0) {
        return mt_wrap(error, "the %s was asked for a dirty ring and has none", vm->side);
    }
    return 0;
}

void mt_pair_note(const struct mt_pair *pair, const char *key, const char *value)
{
    const struct mt_observer *observer = pair->config->observer;

    if (observer != NULL && observer->note != NULL) {
        observer->note(observer->data, key, value);
    }
}

static void note_accelerator(const struct mt_pair *pair, const struct mt_vm *vm)
{
    unsigned ring = wanted(pair)->dirty_ring;
    MT_AUTO_FREE char *value =
        ring > 0 ? mt_text("%s in use, with a dirty ring of %u", vm->accel_in_use, ring)
                 : mt_text("%s in use", vm->accel_in_use);

    mt_pair_note(pair, vm->side, value);
}

static int make_ready(struct mt_pair *pair, struct mt_vm *vm, struct mt_error *error)
{
    if (mt_vm_greet(vm, error) < 0 || verify_accelerator(pair, vm, error) < 0) {
        return -1;
    }
    note_accelerator(pair, vm);
    return mt_pair_set_capabilities(pair, vm, json_pack("{s:b}", "events", true), error);
}

static int need_not_ended(const struct mt_pair *pair, struct mt_error *error)
{
    return pair->ended ? mt_fail(error, "the pair has ended, as its test has") : 0;
}

int mt_pair_start(struct mt_pair *pair, struct mt_error *error)
{
    if (need_not_ended(pair, error) < 0) {
        return -1;
    }
    if (pair->sides[MT_SOURCE].vm != NULL) {
        return pair->started ? 0 : mt_fail(error, "the pair could not be started before");
    }
    bool both = !wanted(pair)->source_only;
    if (start_source(pair, error) < 0 ||
        (both && start_destination(pair, &pair->sides[MT_DESTINATION].vm, error) < 0)) {
        return -1;
    }
    if (make_ready(pair, pair->sides[MT_SOURCE].vm, error) < 0 ||
        (both && make_ready(pair, pair->sides[MT_DESTINATION].vm, error) < 0)) {
        return -1;
    }
    if (pair->sides[MT_SOURCE].vm->serial.heard[MT_GUEST_PASS] == 0 &&
        mt_vm_wait_guest(pair->sides[MT_SOURCE].vm, MT_GUEST_PASS, 1, "the guest's first pass",
                         error) < 0) {
        return -1;
    }
    pair->started = true;
    return 0;
}

static int start_ready_destination(struct mt_pair *pair, struct mt_vm **ret_vm,
                                   struct mt_error *error)
{
    struct mt_vm *vm = NULL;

    if (start_destination(pair, &vm, error) < 0 || make_ready(pair, vm, error) < 0 ||
        mt_pair_set_again(pair, vm, error) < 0) {
        mt_vm_destroy(vm);
        return mt_wrap(error, "starting a new destination");
    }
    *ret_vm = vm;
    return 0;
}

/* The one before stays where the new one does not start: a pair that has migrated has both. */
int mt_pair_new_destination(struct mt_pair *pair, struct mt_error *error)
{
    struct mt_vm *vm = NULL;

    if (need_not_ended(pair, error) < 0) {
        return -1;
    }
    if (pair->sides[MT_DESTINATION].vm == NULL) {
        return mt_fail(error, "there is no destination yet that a new one could follow");
    }
    if (!mt_process_check(&pair->sides[MT_DESTINATION].vm->process)) {
        return mt_fail(error, "the destination still runs, so there can be no new one");
    }
    if (!pair->sides[MT_DESTINATION].vm->expected_to_end) {
        return mt_process_fail_ended(&pair->sides[MT_DESTINATION].vm->process, error);
    }
    if (start_ready_destination(pair, &vm, error) < 0) {
        return -1;
    }
    mt_vm_destroy(pair->sides[MT_DESTINATION].vm);
    pair->sides[MT_DESTINATION].vm = vm;
    return 0;
}

struct mt_relay *mt_pair_relay(struct mt_pair *pair)
{
    if (pair->relay == NULL) {
        pair->relay = mt_relay_new();
    }
    return pair->relay;
}

const char *mt_pair_stopped_side(struct mt_pair *pair)
{
    struct mt_vm *vms[] = {pair->sides[MT_SOURCE].vm, pair->sides[MT_DESTINATION].vm};

    for (int i = 0; i < 2; i++) {
        if (vms[i] != NULL && mt_vm_was_stopped(vms[i])) {
            return vms[i]->side;
        }
    }
    return NULL;
}
