/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The tests of features where the feature does nothing: each must fail. Their bodies are those of
 * plugins/, linked in; what they ask of the library goes through the linker's --wrap, and is
 * changed on its way as the fault says.
 */
#include <string.h>

#include <migtest/migtest.h>

#include "plugins/multifd/multifd.h"
#include "plugins/precopy/precopy.h"

static const struct mt_option options[] = {
    {.name = "channels", .type = MT_OPTION_INT, .default_int = 16},
};

MT_PLUGIN(.name = "idle", .version = "1.0", .vendor = "migtest", .licence = "Apache-2.0",
          .summary = "Features that do nothing", MT_OPTIONS(options));

/* What a test asks for and QEMU never hears of. */
static struct {
    void (*change)(struct mt_limits *limits, struct mt_multifd *multifd);
    int64_t downtime_factor; /* 0: as asked */
    const char *parameter;   /* gets this value */
    const char *instead;
    const char *number; /* this one gets that value */
    int64_t value;
    const char *capability; /* stays off */
    bool awake;             /* the guest is not suspended */
    bool silent;            /* nor does it beat */
    bool loose;             /* nothing is held back */
    bool everywhere;        /* and it dirties all that it can */
    int64_t reported;       /* as what query-migrate shows of the throttling; 0: what it shows */
    const char *figure;     /* of a reply, is so many times as small as it is */
    int64_t divisor;
} fault;

/* The linker gives these their names. */
void __real_mt_migrate_start_at(const char *file, int line, struct mt_pair *pair,
                                const struct mt_migration *migration);
void __wrap_mt_migrate_start_at(const char *file, int line, struct mt_pair *pair,
                                const struct mt_migration *migration);
void __real_mt_migrate_converge_at(const char *file, int line, struct mt_pair *pair,
                                   int64_t bandwidth_limit, int64_t downtime_limit);
void __wrap_mt_migrate_converge_at(const char *file, int line, struct mt_pair *pair,
                                   int64_t bandwidth_limit, int64_t downtime_limit);
void __real_mt_set_parameter_at(const char *file, int line, struct mt_vm *vm, const char *name,
                                int64_t value);
void __wrap_mt_set_parameter_at(const char *file, int line, struct mt_vm *vm, const char *name,
                                int64_t value);
void __real_mt_set_capability_at(const char *file, int line, struct mt_pair *pair, const char *name,
                                 bool on);
void __wrap_mt_set_capability_at(const char *file, int line, struct mt_pair *pair, const char *name,
                                 bool on);
void __real_mt_set_source_capability_at(const char *file, int line, struct mt_pair *pair,
                                        const char *name, bool on);
void __wrap_mt_set_source_capability_at(const char *file, int line, struct mt_pair *pair,
                                        const char *name, bool on);
void __real_mt_wire_hold_at(const char *file, int line, struct mt_pair *pair,
                            enum mt_direction direction);
void __wrap_mt_wire_hold_at(const char *file, int line, struct mt_pair *pair,
                            enum mt_direction direction);
void __real_mt_beat_guest_at(const char *file, int line, struct mt_vm *vm);
void __wrap_mt_beat_guest_at(const char *file, int line, struct mt_vm *vm);
void __real_mt_set_dirtying_at(const char *file, int line, struct mt_vm *vm,
                               const struct mt_dirtying *dirtying);
void __wrap_mt_set_dirtying_at(const char *file, int line, struct mt_vm *vm,
                               const struct mt_dirtying *dirtying);
void __real_mt_suspend_guest_at(const char *file, int line, struct mt_vm *vm);
void __wrap_mt_suspend_guest_at(const char *file, int line, struct mt_vm *vm);
int64_t __real_mt_migrate_wait_value_at(const char *file, int line, struct mt_pair *pair,
                                        const char *path, int64_t least, int64_t timeout_ms);
int64_t __wrap_mt_migrate_wait_value_at(const char *file, int line, struct mt_pair *pair,
                                        const char *path, int64_t least, int64_t timeout_ms);
int64_t __real_mt_reply_int_at(const char *file, int line, const struct mt_reply *reply,
                               const char *path);
int64_t __wrap_mt_reply_int_at(const char *file, int line, const struct mt_reply *reply,
                               const char *path);
void __real_mt_set_parameter_string_at(const char *file, int line, struct mt_vm *vm,
                                       const char *name, const char *value);
void __wrap_mt_set_parameter_string_at(const char *file, int line, struct mt_vm *vm,
                                       const char *name, const char *value);

void __wrap_mt_set_parameter_string_at(const char *file, int line, struct mt_vm *vm,
                                       const char *name, const char *value)
{
    bool faulty = fault.parameter != NULL && strcmp(fault.parameter, name) == 0;

    __real_mt_set_parameter_string_at(file, line, vm, name, faulty ? fault.instead : value);
}

void __wrap_mt_set_parameter_at(const char *file, int line, struct mt_vm *vm, const char *name,
                                int64_t value)
{
    bool faulty = fault.number != NULL && strcmp(fault.number, name) == 0;

    __real_mt_set_parameter_at(file, line, vm, name, faulty ? fault.value : value);
}

void __wrap_mt_set_capability_at(const char *file, int line, struct mt_pair *pair, const char *name,
                                 bool on)
{
    bool faulty = fault.capability != NULL && strcmp(fault.capability, name) == 0;

    __real_mt_set_capability_at(file, line, pair, name, on && !faulty);
}

void __wrap_mt_set_source_capability_at(const char *file, int line, struct mt_pair *pair,
                                        const char *name, bool on)
{
    bool faulty = fault.capability != NULL && strcmp(fault.capability, name) == 0;

    __real_mt_set_source_capability_at(file, line, pair, name, on && !faulty);
}

void __wrap_mt_wire_hold_at(const char *file, int line, struct mt_pair *pair,
                            enum mt_direction direction)
{
    if (!fault.loose) {
        __real_mt_wire_hold_at(file, line, pair, direction);
    }
}

void __wrap_mt_beat_guest_at(const char *file, int line, struct mt_vm *vm)
{
    if (!fault.silent) {
        __real_mt_beat_guest_at(file, line, vm);
    }
}

void __wrap_mt_set_dirtying_at(const char *file, int line, struct mt_vm *vm,
                               const struct mt_dirtying *dirtying)
{
    if (!fault.everywhere) {
        __real_mt_set_dirtying_at(file, line, vm, dirtying);
    }
}

void __wrap_mt_suspend_guest_at(const char *file, int line, struct mt_vm *vm)
{
    if (!fault.awake) {
        __real_mt_suspend_guest_at(file, line, vm);
    }
}

int64_t __wrap_mt_migrate_wait_value_at(const char *file, int line, struct mt_pair *pair,
                                        const char *path, int64_t least, int64_t timeout_ms)
{
    if (fault.reported > 0 && strcmp(path, throttle_percentage) == 0) {
        return fault.reported;
    }
    return __real_mt_migrate_wait_value_at(file, line, pair, path, least, timeout_ms);
}

int64_t __wrap_mt_reply_int_at(const char *file, int line, const struct mt_reply *reply,
                               const char *path)
{
    int64_t value = __real_mt_reply_int_at(file, line, reply, path);

    return fault.figure != NULL && strcmp(path, fault.figure) == 0 ? value / fault.divisor : value;
}

void __wrap_mt_migrate_start_at(const char *file, int line, struct mt_pair *pair,
                                const struct mt_migration *migration)
{
    struct mt_migration changed = *migration;
    struct mt_limits limits =
        *(migration->limits != NULL ? migration->limits : MT_LIMITS(.bandwidth = 0));
    struct mt_multifd multifd =
        *(migration->multifd != NULL ? migration->multifd : MT_MULTIFD(.channels = 0));

    if (fault.change != NULL) {
        fault.change(&limits, &multifd);
        changed.limits = &limits;
        changed.multifd = &multifd;
    }
    __real_mt_migrate_start_at(file, line, pair, &changed);
}

void __wrap_mt_migrate_converge_at(const char *file, int line, struct mt_pair *pair,
                                   int64_t bandwidth_limit, int64_t downtime_limit)
{
    int64_t factor = fault.downtime_factor > 0 ? fault.downtime_factor : 1;

    __real_mt_migrate_converge_at(file, line, pair, bandwidth_limit, factor * downtime_limit);
}

static void quicken(struct mt_limits *limits, struct mt_multifd *multifd)
{
    (void)multifd;
    limits->bandwidth *= 3;
}

static void bandwidth_exceeded(void **state)
{
    fault.change = quicken;
    bandwidth(state);
}

static void allow_long_downtime(struct mt_limits *limits, struct mt_multifd *multifd)
{
    (void)multifd;
    limits->downtime_ms = 30000;
}

static void switchover_in_first_pass(void **state)
{
    fault.change = allow_long_downtime;
    switchover(state);
}

static void switchover_too_early(void **state)
{
    fault.downtime_factor = 3;
    switchover(state);
}

static void use_one_channel(struct mt_limits *limits, struct mt_multifd *multifd)
{
    (void)limits;
    multifd->channels = 0;
}

static void use_fewer_channels(struct mt_limits *limits, struct mt_multifd *multifd)
{
    (void)limits;
    multifd->channels /= 2;
}

static void no_channels(void **state)
{
    fault.change = use_one_channel;
    channels_carry(state);
}

static void fewer_channels(void **state)
{
    fault.change = use_fewer_channels;
    channels_carry(state);
}

static void detect_instead(const char *detection)
{
    fault.parameter = "zero-page-detection";
    fault.instead = detection;
}

static void no_legacy_detection(void **state)
{
    detect_instead("multifd");
    zero_page_legacy(state);
}

static void no_multifd_detection(void **state)
{
    detect_instead("legacy");
    zero_page_multifd(state);
}

static void detection_all_the_same(void **state)
{
    detect_instead("multifd");
    zero_page_none(state);
}

static void no_throttling(void **state)
{
    fault.capability = "auto-converge";
    auto_converge(state);
}

static void throttling_in_words_only(void **state)
{
    fault.capability = "auto-converge";
    fault.reported = 80;
    throttled_guest(state);
}

static void throttling_beyond_maximum(void **state)
{
    fault.number = "max-cpu-throttle";
    fault.value = 99;
    auto_converge_maximum(state);
}

static void throttling_without_steps(void **state)
{
    fault.number = "cpu-throttle-increment";
    fault.value = 1;
    auto_converge_maximum(state);
}

static void ack_not_waited_for(void **state)
{
    fault.capability = "switchover-ack";
    switchover_ack_held(state);
}

static void ack_not_held(void **state)
{
    fault.loose = true;
    switchover_ack_held(state);
}

static void announced_too_rarely(void **state)
{
    fault.number = "announce-rounds";
    fault.value = 1;
    announce(state);
}

static void announced_too_often(void **state)
{
    fault.number = "announce-rounds";
    fault.value = 10;
    announce(state);
}

static void awake_live(void **state)
{
    fault.awake = true;
    suspend_live(state);
}

static void awake_notlive(void **state)
{
    fault.awake = true;
    suspend_notlive(state);
}

static void downtime_unseen(void **state)
{
    fault.silent = true;
    self_start(state);
}

static void working_set_of_all(void **state)
{
    fault.everywhere = true;
    working_set(state);
}

static void dirty_rate_of_all(void **state)
{
    fault.everywhere = true;
    dirty_rate(state);
}

static void dirty_rate_of_a_tenth(void **state)
{
    fault.figure = "ram.dirty-pages-rate";
    fault.divisor = 10;
    dirty_rate(state);
}

#define NEEDS_ACK MT_NEEDS(.capabilities = MT_LIST("switchover-ack"))
#define NEEDS_DETECTION MT_NEEDS(.parameters = MT_LIST("zero-page-detection"))

static const struct mt_test tests[] = {
    {.name = "channels/none", .run = no_channels},
    {.name = "channels/fewer", .run = fewer_channels},
    {.name = "zero-page/legacy", .run = no_legacy_detection, .needs = NEEDS_DETECTION},
    {.name = "zero-page/multifd", .run = no_multifd_detection, .needs = NEEDS_DETECTION},
    {.name = "zero-page/none", .run = detection_all_the_same, .needs = NEEDS_DETECTION},
    {.name = "bandwidth/exceeded", .run = bandwidth_exceeded},
    {.name = "announce/too-rarely", .run = announced_too_rarely, .machine = &announce_machine},
    {.name = "announce/too-often", .run = announced_too_often, .machine = &announce_machine},
    {.name = "auto-converge/never", .run = no_throttling},
    {.name = "auto-converge/in-words-only", .run = throttling_in_words_only},
    {.name = "auto-converge/beyond-maximum", .run = throttling_beyond_maximum},
    {.name = "auto-converge/no-steps", .run = throttling_without_steps},
    {.name = "switchover-ack/not-waited-for", .run = ack_not_waited_for, .needs = NEEDS_ACK},
    {.name = "switchover-ack/not-held", .run = ack_not_held, .needs = NEEDS_ACK},
    {.name = "suspend/live", .run = awake_live},
    {.name = "suspend/notlive", .run = awake_notlive},
    {.name = "downtime/unseen", .run = downtime_unseen},
    {.name = "working-set/all", .run = working_set_of_all},
    {.name = "dirty-rate/all", .run = dirty_rate_of_all},
    {.name = "dirty-rate/a-tenth", .run = dirty_rate_of_a_tenth},
    {.name = "switchover/in-first-pass", .run = switchover_in_first_pass},
    {.name = "switchover/too-early", .run = switchover_too_early},
};

int mt_plugin_register(struct mt_registry *registry)
{
    return mt_register_group(registry, MT_GROUP("idle", tests));
}
