/* SPDX-License-Identifier: Apache-2.0 */
/* What a worker has to do: one job, which the host writes to the worker as one line of JSON. */
#ifndef MT_PROTOCOL_JOB_H
#define MT_PROTOCOL_JOB_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "protocol/machine.h"

enum mt_job_kind {
    MT_JOB_DESCRIBE, /* what is in a plugin */
    MT_JOB_PROBE,    /* what a QEMU can do */
    MT_JOB_TRY,      /* whether an accelerator works */
    MT_JOB_RUN,      /* a test */
    MT_JOB_KINDS,
};

struct mt_plugin_config {
    const char *file;
    const char *identity; /* of the file that the host has looked at, see mt_file_identity */
};

/* What a job and its QEMUs may use. 0: no limit. */
struct mt_limits {
    int64_t memory; /* bytes */
    int64_t processes;
    int64_t file_size; /* bytes */
};

struct mt_describe_job {
    struct mt_plugin_config plugin;
};

struct mt_probe_job {
    struct mt_qemu_config qemu;
};

struct mt_try_job {
    struct mt_qemu_config qemu;
    struct mt_machine_config machine;
};

struct mt_run_job {
    struct mt_plugin_config plugin;
    json_t *options; /* of the plugin, complete */
    const char *group;
    const char *test;
    double patience; /* the limit of each wait is multiplied by this */
    struct mt_qemu_config source;
    struct mt_qemu_config destination;
    struct mt_machine_config machine;
    bool hold;                /* destinations wait to be looked at before they run */
    const char *const *blind; /* oracles that may fail to look */
    json_t *not_kept;         /* the manifest's, see lib/verify/not_kept.h */
    json_t *reset;            /* see lib/state/reset.h; NULL: not known */
    json_t *figures;          /* of the source, see lib/verify/figures.h; NULL: not known */
    json_t *unusable_views;   /* see lib/probe/view_trial.h */
    bool private_network;     /* if the test can have one */
    const char *recordings;   /* the folder for recordings; NULL: nothing is recorded */
    bool manners;             /* run the test several times, to see what it leaves behind */
    int64_t fail_at;          /* the number of the call that is made to fail; 0: none */
};

struct mt_job {
    enum mt_job_kind kind;
    const char *token;   /* each record of the job must have it */
    const char *scratch; /* the folder for temporary files; the worker makes and removes it */
    int64_t timeout_ms;
    struct mt_limits limits;
    union {
        struct mt_describe_job describe;
        struct mt_probe_job probe;
        struct mt_try_job try;
        struct mt_run_job run;
    };
};

/* The job as a line of JSON without its newline, which is the caller's. */
char *mt_job_encode(const struct mt_job *job);

/*
 * The job owns what it has been read from the line; mt_job_clear releases it. A member that is
 * missing, unknown or of another type is an error: with a default in its place, the worker would do
 * something else than what it was asked for.
 */
int mt_job_decode(const char *line, struct mt_job *ret_job, struct mt_error *error);
void mt_job_clear(struct mt_job *job);

/* A machine as it stands in a job. The value is the caller's. */
json_t *mt_machine_encode(const struct mt_machine_config *config);

#endif
