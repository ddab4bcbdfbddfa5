/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/pair/pair.h"

#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "lib/monitor/json_format.h"
#include "lib/pair/run.h"

static const struct mt_machine *test_machine(const struct mt_pair *pair)
{
    static const struct mt_machine nothing = {.size = sizeof(nothing)};

    return pair->config->test_machine != NULL ? pair->config->test_machine : &nothing;
}

static void append_args(struct mt_pair *pair, const char *const *args)
{
    for (; args != NULL && *args != NULL; args++) {
        mt_strings_add(&pair->args, "%s", *args);
    }
}

int mt_pair_add_args(struct mt_pair *pair, const char *const *args, struct mt_error *error)
{
    if (pair->state != MT_PAIR_NEW) {
        return mt_fail(error, "the QEMUs run already, so they take no more arguments");
    }
    append_args(pair, args);
    return 0;
}

struct mt_pair *mt_pair_new(const struct mt_pair_config *config)
{
    struct mt_pair *pair = mt_alloc(1, sizeof(*pair));

    pair->config = config;
    for (size_t i = 0; i < MT_SIDES; i++) {
        pair->sides[i].settings = mt_side_settings_new();
    }
    append_args(pair, test_machine(pair)->args);
    return pair;
}

static void destroy_test_data(struct mt_test_data *test)
{
    for (size_t i = 0; i < test->fd_count; i++) {
        close(test->fds[i]);
    }
    free(test->fds);
}

void mt_pair_destroy(struct mt_pair *pair)
{
    if (pair->test.destroy != NULL) {
        pair->test.destroy(pair->test.data);
    }
    for (size_t i = 0; i < MT_SIDES; i++) {
        mt_vm_destroy(pair->sides[i].vm);
        mt_side_settings_clear(&pair->sides[i].settings);
    }
    mt_relay_destroy(pair->wire.relay);
    free(pair->run);
    if (pair->verification != NULL) {
        pair->destroy_verification(pair->verification);
    }
    destroy_test_data(&pair->test);
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
        .dirty_ring = test_machine(pair)->dirty_ring,
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

static int start_side(struct mt_pair *pair, enum mt_side_index index, struct mt_error *error)
{
    const struct mt_pair_config *config = pair->config;
    struct mt_side *side = &pair->sides[index];
    const struct role roles[MT_SIDES] = {
        [MT_SOURCE] = {.side = "source",
                       .qemu = &config->source,
                       .machine = &config->machine,
                       .args = test_machine(pair)->source_args},
        [MT_DESTINATION] = {.side = "destination",
                            .qemu = &config->destination,
                            .machine = &config->machine,
                            .incoming = true,
                            .hold = config->hold,
                            .args = test_machine(pair)->destination_args},
    };

    if (start_vm(pair, &roles[index], &side->vm, error) < 0) {
        return -1;
    }
    side->vm->pair_side = side;
    pair->destinations += index == MT_DESTINATION;
    return 0;
}

/* There may be no huge pages left, and no room for one more file. */
static int start_with_plain_memory(struct mt_pair *pair, struct role role, struct mt_vm **ret_vm,
                                   struct mt_error *error)
{
    struct mt_machine_config machine = pair->config->machine;

    machine.memory_backend = "anonymous";
    role.machine = &machine;
    role.args = role.qemu == &pair->config->source ? test_machine(pair)->source_args
                                                   : test_machine(pair)->destination_args;
    return start_vm(pair, &role, ret_vm, error);
}

int mt_pair_start_another(struct mt_pair *pair, const char *side, const struct mt_qemu_config *qemu,
                          struct mt_vm **ret_vm, struct mt_error *error)
{
    const struct role role = {.side = side, .qemu = qemu, .incoming = true, .hold = true};

    return start_with_plain_memory(pair, role, ret_vm, error);
}

/* Keeps only those arguments that the CPUs depend on. */
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

/* The guest of this QEMU runs, so that it would write to the pair's disks if it had them. */
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
 * QEMU uses another accelerator, or the dirty bitmap in place of the dirty ring, with only a
 * warning. Whether there is a ring shows by a dirty limit of 0, which removes the limit and is
 * refused without a ring.
 */
static int verify_accelerator(const struct mt_pair *pair, struct mt_vm *vm, struct mt_error *error)
{
    const char *asked = pair->config->machine.accel;

    if (strcmp(vm->accel_in_use, asked) != 0) {
        return mt_fail(error, "the %s was asked for the accelerator %s and runs with %s", vm->side,
                       asked, vm->accel_in_use);
    }
    if (test_machine(pair)->dirty_ring > 0 &&
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
    unsigned ring = test_machine(pair)->dirty_ring;
    MT_AUTO_FREE char *value =
        ring > 0 ? mt_text("%s in use, with a dirty ring of %u", vm->accel_in_use, ring)
                 : mt_text("%s in use", vm->accel_in_use);

    mt_pair_note(pair, vm->side, value);
}

int mt_side_apply(struct mt_side *side, struct mt_error *error)
{
    return side->vm == NULL ? 0 : mt_side_settings_apply(&side->settings, side->vm, error);
}

int mt_side_set(struct mt_side *side, enum mt_setting_kind kind, const char *name, json_t *value,
                struct mt_error *error)
{
    if (mt_settings_set(&side->settings.test, kind, name, value, error) < 0) {
        return -1;
    }
    mt_settings_remove(&side->settings.migration, kind, name);
    return mt_side_apply(side, error);
}

static int make_ready(struct mt_pair *pair, struct mt_side *side, struct mt_error *error)
{
    if (mt_vm_greet(side->vm, error) < 0 || verify_accelerator(pair, side->vm, error) < 0) {
        return -1;
    }
    note_accelerator(pair, side->vm);
    return mt_side_set(side, MT_CAPABILITY, "events", json_true(), error);
}

static int need_not_ended(const struct mt_pair *pair, struct mt_error *error)
{
    return pair->state == MT_PAIR_ENDED ? mt_fail(error, "the pair has ended, as its test has") : 0;
}

static int start_sides(struct mt_pair *pair, struct mt_error *error)
{
    struct mt_side *source = &pair->sides[MT_SOURCE];
    size_t count = test_machine(pair)->source_only ? 1 : MT_SIDES;

    for (size_t i = 0; i < count; i++) {
        if (start_side(pair, i, error) < 0) {
            return -1;
        }
    }
    for (size_t i = 0; i < count; i++) {
        if (make_ready(pair, &pair->sides[i], error) < 0) {
            return -1;
        }
    }
    return mt_vm_guest_passes(source->vm) > 0
               ? 0
               : mt_vm_guest_wait_passes(source->vm, 1, "the guest's first pass", error);
}

int mt_pair_start(struct mt_pair *pair, struct mt_error *error)
{
    if (need_not_ended(pair, error) < 0) {
        return -1;
    }
    if (pair->state == MT_PAIR_READY) {
        return 0;
    }
    if (pair->state == MT_PAIR_STARTING) {
        return mt_fail(error, "the pair could not be started before");
    }
    pair->state = MT_PAIR_STARTING;
    if (start_sides(pair, error) < 0) {
        return -1;
    }
    pair->state = MT_PAIR_READY;
    return 0;
}

static int check_replaceable(const struct mt_pair *pair, struct mt_error *error)
{
    struct mt_vm *destination = pair->sides[MT_DESTINATION].vm;

    if (need_not_ended(pair, error) < 0) {
        return -1;
    }
    if (destination == NULL) {
        return mt_fail(error, "there is no destination yet that a new one could follow");
    }
    if (!mt_process_check(&destination->process)) {
        return mt_fail(error, "the destination still runs, so there can be no new one");
    }
    return destination->expected_to_end ? 0 : mt_process_fail_ended(&destination->process, error);
}

int mt_pair_new_destination(struct mt_pair *pair, struct mt_error *error)
{
    struct mt_side *side = &pair->sides[MT_DESTINATION];
    struct mt_vm *before = side->vm;

    if (check_replaceable(pair, error) < 0) {
        return -1;
    }
    side->vm = NULL;
    mt_side_settings_forget_qemu(&side->settings);
    if (start_side(pair, MT_DESTINATION, error) < 0 || make_ready(pair, side, error) < 0) {
        mt_vm_destroy(side->vm);
        side->vm = before;
        return mt_wrap(error, "starting a new destination");
    }
    mt_vm_destroy(before);
    return 0;
}

struct mt_relay *mt_pair_relay(struct mt_pair *pair)
{
    if (pair->wire.relay == NULL) {
        pair->wire.relay = mt_relay_new();
    }
    return pair->wire.relay;
}

const char *mt_pair_stopped_side(struct mt_pair *pair)
{
    for (size_t i = 0; i < MT_SIDES; i++) {
        if (pair->sides[i].vm != NULL && mt_vm_was_stopped(pair->sides[i].vm)) {
            return pair->sides[i].vm->side;
        }
    }
    return NULL;
}
