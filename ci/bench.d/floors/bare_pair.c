/* SPDX-License-Identifier: Apache-2.0 */
/* Pairs of QEMUs without migtest's oracles, driven by the same code. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "base/files.h"
#include "base/json.h"
#include "base/processor_time.h"
#include "base/text.h"
#include "floors.h"
#include "guest/contract.h"
#include "lib/monitor/reply.h"
#include "lib/vm/vm.h"

enum { TIMEOUT_MS = 60000 };

struct two {
    char folder[32];
    struct mt_qemu_config qemu;
    struct mt_vm *source;
    struct mt_vm *destination;
};

static int start(const struct floor_qemu *floor, const struct two *two, const char *side,
                 bool incoming, struct mt_vm **ret_vm, struct mt_error *error)
{
    const struct mt_machine_config machine = {
        .type = floor->machine,
        .accel = "tcg",
        .cpu = "qemu64",
        .smp = 1,
        .ram = (int64_t)floor->ram_mib * 1024 * 1024,
        .memory_backend = "anonymous",
        .firmware = "none",
        .devices = "minimal",
        .guest_folder = floor->guest_folder,
    };
    const struct mt_command_line line = {
        .qemu = &two->qemu,
        .machine = &machine,
        .side = side,
        .incoming = incoming,
        .hold = incoming,
    };
    struct mt_vm_start how = {
        .side = side,
        .scratch = two->folder,
        .qemu = &two->qemu,
        .launch = mt_command_line_launch(&line),
    };

    return mt_vm_start(ret_vm, &how, error);
}

static int start_two(const struct floor_qemu *floor, bool incoming, struct two *two,
                     struct mt_error *error)
{
    *two = (struct two){.folder = "/tmp/migtest-floor-XXXXXX", .qemu.binary = floor->binary};
    if (mkdtemp(two->folder) == NULL) {
        return mt_fail_errno(error, "cannot make a folder in /tmp");
    }
    if (start(floor, two, "source", false, &two->source, error) < 0 ||
        start(floor, two, "destination", incoming, &two->destination, error) < 0 ||
        mt_vm_greet(two->source, error) < 0 || mt_vm_greet(two->destination, error) < 0) {
        return -1;
    }
    return 0;
}

static void end_two(struct two *two)
{
    mt_vm_destroy(two->source);
    mt_vm_destroy(two->destination);
    mt_folder_remove(two->folder, NULL);
}

static int has_started(void *context, struct mt_error *error)
{
    const struct mt_vm *vm = context;

    (void)error;
    return vm->guest.serial.heard[MT_GUEST_STARTED] > 0;
}

static int await_first_byte(struct mt_vm *vm, struct mt_error *error)
{
    const struct mt_wait wait = {
        .vms = {vm},
        .side = vm->side,
        .what = "the guest's first byte",
        .timeout_ms = TIMEOUT_MS,
        .condition = has_started,
        .context = vm,
    };

    return mt_wait_for(&wait, error);
}

static int quit_two(struct two *two, struct mt_error *error)
{
    if (mt_vm_tell_quit(two->source, error) < 0 || mt_vm_tell_quit(two->destination, error) < 0) {
        return -1;
    }
    return mt_vm_wait_exit(two->source, 0, error) < 0 ? -1
                                                      : mt_vm_wait_exit(two->destination, 0, error);
}

static int64_t cpu_ms(void)
{
    struct rusage used;

    getrusage(RUSAGE_CHILDREN, &used);
    return mt_processor_time_us(&used) / 1000;
}

int floor_bare_pair(const struct floor_qemu *floor, struct mt_error *error)
{
    struct two two;
    int64_t begin_ms = mt_now_ms();
    int result = start_two(floor, false, &two, error);

    if (result == 0) {
        result = await_first_byte(two.source, error) < 0 ||
                         await_first_byte(two.destination, error) < 0 || quit_two(&two, error) < 0
                     ? -1
                     : 0;
    }
    int64_t took_ms = mt_now_ms() - begin_ms;
    end_two(&two);
    if (result == 0) {
        printf("%" PRId64 " %" PRId64 "\n", took_ms, cpu_ms());
    }
    return result;
}

static int begin(struct two *two, const char *parameters, struct mt_error *error)
{
    MT_AUTO_JSON json_t *reply = NULL;

    if (mt_vm_qmp_format(two->source, NULL, error, "migrate-set-parameters", parameters) < 0 ||
        mt_vm_qmp_format(two->destination, NULL, error, "migrate-incoming",
                         "{'uri': 'tcp:127.0.0.1:0'}") < 0 ||
        mt_vm_qmp(two->destination, &reply, error, "query-migrate", NULL) < 0) {
        return -1;
    }
    MT_AUTO_FREE char *uri =
        mt_text("tcp:127.0.0.1:%s", json_string_value(mt_json_at(reply, "socket-address.0.port")));
    return mt_vm_qmp_format(two->source, NULL, error, "migrate", "{'uri': %s}", uri);
}

static int wait_completed(struct two *two, int64_t *ret_ms, struct mt_error *error)
{
    MT_AUTO_JSON json_t *reply = NULL;

    if (mt_vm_wait_reply(two->source, &reply, "query-migrate", "status", "completed", TIMEOUT_MS,
                         error) < 0) {
        return -1;
    }
    *ret_ms = json_integer_value(json_object_get(reply, "total-time"));
    return mt_vm_wait_reply(two->destination, NULL, "query-migrate", "status", "completed",
                            TIMEOUT_MS, error);
}

static int migrate_stopped(struct two *two, int64_t *ret_ms, struct mt_error *error)
{
    const char *fast = "{'max-bandwidth': 10000000000, 'downtime-limit': 30000}";

    if (mt_vm_guest_wait_passes(two->source, 1, "the guest's first pass", error) < 0 ||
        mt_vm_qmp(two->source, NULL, error, "stop", NULL) < 0 || begin(two, fast, error) < 0) {
        return -1;
    }
    return wait_completed(two, ret_ms, error);
}

/* As slow at first as a test's, so that the guest writes to its memory during the first pass. */
static int begin_live(struct two *two, struct mt_error *error)
{
    const char *events = "{'capabilities': [{'capability': 'events', 'state': true}]}";
    const char *patient = "{'max-bandwidth': 2000000, 'downtime-limit': 1}";

    if (mt_vm_guest_wait_passes(two->source, 1, "the guest's first pass", error) < 0 ||
        mt_vm_qmp_format(two->source, NULL, error, "migrate-set-capabilities", events) < 0 ||
        begin(two, patient, error) < 0 ||
        mt_vm_guest_wait_passes(two->source, 2, "the guest's passes in the first pass", error) <
            0) {
        return -1;
    }
    return mt_vm_qmp_format(two->source, NULL, error, "migrate-set-parameters",
                            "{'max-bandwidth': 10000000000}");
}

/* The first event comes before anything is sent, each further one at the end of a pass. */
static int wait_two_passes(struct mt_vm *source, struct mt_error *error)
{
    json_t *event;

    for (int events = 0; events < 3; events++) {
        if (mt_vm_wait_event(source, &event, "MIGRATION_PASS", TIMEOUT_MS, error) < 0) {
            return -1;
        }
    }
    return 0;
}

static int migrate_live(struct two *two, int64_t *ret_ms, struct mt_error *error)
{
    const char *converge = "{'max-bandwidth': 50000000, 'downtime-limit': 30000}";

    if (begin_live(two, error) < 0 || wait_two_passes(two->source, error) < 0 ||
        mt_vm_qmp_format(two->source, NULL, error, "migrate-set-parameters", converge) < 0) {
        return -1;
    }
    return wait_completed(two, ret_ms, error);
}

static int by_hand(const struct floor_qemu *floor,
                   int (*migrate)(struct two *, int64_t *, struct mt_error *),
                   struct mt_error *error)
{
    struct two two;
    int64_t ms = 0;
    int result = start_two(floor, true, &two, error);

    if (result == 0) {
        result = migrate(&two, &ms, error) < 0 ? -1 : quit_two(&two, error);
    }
    end_two(&two);
    if (result == 0) {
        printf("%" PRId64 " %" PRId64 "\n", ms, cpu_ms());
    }
    return result;
}

int floor_by_hand(const struct floor_qemu *floor, struct mt_error *error)
{
    return by_hand(floor, migrate_stopped, error);
}

int floor_live(const struct floor_qemu *floor, struct mt_error *error)
{
    return by_hand(floor, migrate_live, error);
}
