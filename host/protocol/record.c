/* SPDX-License-Identifier: Apache-2.0 */
#include "protocol/record.h"

#include <string.h>

#include "protocol/members.h"

#define OF(kind, member, ...)                                                                      \
    MT_MEMBER(struct mt_record, kind.member, #member, .clean = true, __VA_ARGS__)
#define TRIAL(member, ...)                                                                         \
    MT_MEMBER(struct mt_trial_result, member, #member, .clean = true, __VA_ARGS__)

static const struct mt_member common[] = {
    MT_MEMBER(struct mt_record, token, "token"),
};

static const struct mt_member message[] = {OF(message, text)};

static const struct mt_member value[] = {OF(value, json)};

static const struct mt_member result[] = {
    TRIAL(fault, .optional = true),
    TRIAL(ms),
    TRIAL(cpu_ms),
    TRIAL(dirty_ring),
    TRIAL(ring_fault, .optional = true),
    TRIAL(reset, .optional = true),
    TRIAL(unusable_views, .optional = true),
};

static const struct mt_member trial[] = {
    MT_MEMBER(struct mt_record, trial, "result", .nested = MT_MEMBERS(result)),
};

static const struct mt_member manners[] = {
    OF(manners, descriptors),
    OF(manners, growth),
    OF(manners, sites),
};

static const struct mt_member entered[] = {OF(step, what)};

static const struct mt_member returned[] = {OF(step, what), OF(step, passed)};

static const struct mt_member failure[] = {
    OF(failure, message),
    OF(failure, file),
    OF(failure, line),
    OF(failure, stopped, .optional = true),
};

static const struct mt_member note[] = {OF(note, key), OF(note, value)};

static const struct mt_member qemu[] = {
    OF(qemu, side), OF(qemu, pid), OF(qemu, command), OF(qemu, accel), OF(qemu, machine),
};

static const struct mt_member greeted[] = {
    OF(greeted, side),     OF(greeted, pid),     OF(greeted, version),
    OF(greeted, build_id), OF(greeted, program),
};

static const struct mt_member waiting[] = {OF(wait, side), OF(wait, what), OF(wait, ms)};

static const struct mt_member moved[] = {OF(wait, side), OF(wait, what)};

static const struct mt_member exit_members[] = {
    OF(exit, status),
    OF(exit, signal, .optional = true),
    OF(exit, leftovers),
    OF(exit, exceeded_limit, .optional = true),
};

static const struct mt_member timeout[] = {OF(timeout, ms),
                                           OF(timeout, exceeded_limit, .optional = true)};

static const struct mt_kind kinds[MT_RECORD_KINDS] = {
    [MT_RECORD_PLUGIN] = {"plugin", MT_MEMBERS(value)},
    [MT_RECORD_GROUP] = {"group", MT_MEMBERS(value)},
    [MT_RECORD_ABILITIES] = {"abilities", MT_MEMBERS(value)},
    [MT_RECORD_RUNS] = {"runs"},
    [MT_RECORD_TRIED] = {"tried", MT_MEMBERS(trial)},
    [MT_RECORD_MANNERS] = {"manners", MT_MEMBERS(manners)},
    [MT_RECORD_ENTERED] = {"entered", MT_MEMBERS(entered)},
    [MT_RECORD_RETURNED] = {"returned", MT_MEMBERS(returned)},
    [MT_RECORD_FAILED] = {"failed", MT_MEMBERS(failure)},
    [MT_RECORD_SKIPPED] = {"skipped", MT_MEMBERS(message)},
    [MT_RECORD_UNDECIDED] = {"undecided", MT_MEMBERS(message)},
    [MT_RECORD_NOTE] = {"note", MT_MEMBERS(note)},
    [MT_RECORD_QEMU] = {"qemu", MT_MEMBERS(qemu)},
    [MT_RECORD_GREETED] = {"greeted", MT_MEMBERS(greeted)},
    [MT_RECORD_WAITING] = {"waiting", MT_MEMBERS(waiting)},
    [MT_RECORD_MOVED] = {"moved", MT_MEMBERS(moved)},
    [MT_RECORD_ENVIRONMENT] = {"environment", MT_MEMBERS(message)},
    [MT_RECORD_ERROR] = {"error", MT_MEMBERS(message)},
    [MT_RECORD_DONE] = {"done"},
    [MT_RECORD_EXIT] = {"exit", MT_MEMBERS(exit_members)},
    [MT_RECORD_TIMEOUT] = {"timeout", MT_MEMBERS(timeout)},
    [MT_RECORD_STOPPED] = {"stopped"},
    [MT_RECORD_SURVIVOR] = {"survivor", MT_MEMBERS(message)},
    [MT_RECORD_TOO_LONG] = {NULL},
};

static const struct mt_kinds records = {kinds, MT_RECORD_KINDS, MT_MEMBERS(common)};
static const struct mt_members results = MT_MEMBERS(result);

char *mt_record_encode(const struct mt_record *record)
{
    json_t *json = mt_kinds_encode(&records, record->kind, record);
    char *line = json_dumps(json, JSON_COMPACT);

    json_decref(json);
    return line;
}

int mt_record_decode(const char *line, size_t size, const char *token, struct mt_record *ret_record,
                     struct mt_error *error)
{
    json_error_t fault;
    json_t *json = json_loadb(line, size, 0, &fault);
    struct mt_record record = {0};
    size_t kind;

    if (json == NULL) {
        return mt_fail(error, "the record is not JSON: %s", fault.text);
    }
    int decoded = mt_kinds_decode(&records, json, "the record", &kind, &record, error);
    json_decref(json);
    if (decoded < 0) {
        return -1;
    }
    record.kind = (enum mt_record_kind)kind;
    if (strcmp(record.token, token) != 0) {
        mt_record_clear(&record);
        return mt_fail(error, "the record has another token");
    }
    *ret_record = record;
    return 0;
}

void mt_record_clear(struct mt_record *record)
{
    mt_kinds_clear(&records, record->kind, record);
}

struct mt_record mt_record_take(struct mt_record *record)
{
    struct mt_record taken = *record;

    *record = (struct mt_record){0};
    return taken;
}

json_t *mt_trial_result_encode(const struct mt_trial_result *trial_result)
{
    return mt_members_encode(&results, trial_result);
}

int mt_trial_result_decode(json_t *json, struct mt_trial_result *ret_result, struct mt_error *error)
{
    static const char name[] = "the trial's result";
    struct mt_trial_result decoded = {0};

    if (!json_is_object(json)) {
        return mt_fail(error, "%s is not an object", name);
    }
    if (mt_members_decode(&results, json, name, &decoded, error) < 0 ||
        mt_members_end(json, name, error) < 0) {
        mt_trial_result_clear(&decoded);
        return -1;
    }
    *ret_result = decoded;
    return 0;
}

void mt_trial_result_clear(struct mt_trial_result *trial_result)
{
    mt_members_clear(&results, trial_result);
}
