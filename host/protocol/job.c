/* SPDX-License-Identifier: Apache-2.0 */
#include "protocol/job.h"

#include "protocol/members.h"

#define PLUGIN(member) MT_MEMBER(struct mt_plugin_config, member, #member)
#define QEMU(member, ...) MT_MEMBER(struct mt_qemu_config, member, #member, __VA_ARGS__)
#define MACHINE(member) MT_MEMBER(struct mt_machine_config, member, #member)
#define LIMITS(member) MT_MEMBER(struct mt_limits, member, #member)
#define JOB(member, ...) MT_MEMBER(struct mt_job, member, #member, __VA_ARGS__)
#define OF(kind, member, ...) MT_MEMBER(struct mt_job, kind.member, #member, __VA_ARGS__)

static const struct mt_member plugin[] = {PLUGIN(file), PLUGIN(identity)};

static const struct mt_member qemu[] = {
    QEMU(binary),
    QEMU(args),
    QEMU(environment),
    QEMU(version, .optional = true),
    QEMU(build_id, .optional = true),
};

static const struct mt_member machine[] = {
    MACHINE(type),           MACHINE(accel),    MACHINE(cpu),     MACHINE(smp),  MACHINE(ram),
    MACHINE(memory_backend), MACHINE(firmware), MACHINE(devices), MACHINE(args),
};

static const struct mt_member limits[] = {LIMITS(memory), LIMITS(processes), LIMITS(file_size)};

static const struct mt_member common[] = {
    JOB(token),
    JOB(scratch),
    JOB(timeout_ms),
    JOB(limits, .nested = MT_MEMBERS(limits)),
};

static const struct mt_member describe[] = {OF(describe, plugin, .nested = MT_MEMBERS(plugin))};

static const struct mt_member probe[] = {OF(probe, qemu, .nested = MT_MEMBERS(qemu))};

static const struct mt_member try[] = {
    OF(try, qemu, .nested = MT_MEMBERS(qemu)),
    OF(try, machine, .nested = MT_MEMBERS(machine)),
};

static const struct mt_member run[] = {
    OF(run, plugin, .nested = MT_MEMBERS(plugin)),
    OF(run, options),
    OF(run, group),
    OF(run, test),
    OF(run, patience),
    OF(run, source, .nested = MT_MEMBERS(qemu)),
    OF(run, destination, .nested = MT_MEMBERS(qemu)),
    OF(run, machine, .nested = MT_MEMBERS(machine)),
    OF(run, hold),
    OF(run, blind),
    OF(run, not_kept),
    OF(run, reset),
    OF(run, figures),
    OF(run, unusable_views),
    OF(run, private_network),
    OF(run, recordings, .optional = true),
    OF(run, manners, .optional = true),
    OF(run, fail_at, .optional = true),
};

static const struct mt_kind kinds[MT_JOB_KINDS] = {
    [MT_JOB_DESCRIBE] = {"describe", MT_MEMBERS(describe)},
    [MT_JOB_PROBE] = {"probe", MT_MEMBERS(probe)},
    [MT_JOB_TRY] = {"try", MT_MEMBERS(try)},
    [MT_JOB_RUN] = {"run", MT_MEMBERS(run)},
};

static const struct mt_kinds jobs = {kinds, MT_JOB_KINDS, MT_MEMBERS(common)};

char *mt_job_encode(const struct mt_job *job)
{
    json_t *json = mt_kinds_encode(&jobs, job->kind, job);
    char *line = json_dumps(json, JSON_COMPACT);

    json_decref(json);
    return line;
}

int mt_job_decode(const char *line, struct mt_job *ret_job, struct mt_error *error)
{
    json_error_t fault;
    json_t *json = json_loads(line, 0, &fault);
    struct mt_job job = {0};
    size_t kind;

    if (json == NULL) {
        return mt_fail(error, "the job is not JSON: %s", fault.text);
    }
    int result = mt_kinds_decode(&jobs, json, "the job", &kind, &job, error);
    json_decref(json);
    if (result < 0) {
        return -1;
    }
    job.kind = (enum mt_job_kind)kind;
    *ret_job = job;
    return 0;
}

void mt_job_clear(struct mt_job *job)
{
    mt_kinds_clear(&jobs, job->kind, job);
}

json_t *mt_machine_encode(const struct mt_machine_config *config)
{
    const struct mt_members members = MT_MEMBERS(machine);

    return mt_members_encode(&members, config);
}
