/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What this host has: the plugins of a manifest and their tests, the two QEMUs and their abilities,
 * the machine that both know, and the accelerators that work. Jobs in workers find this out, all at
 * the same time. Results of trials are cached.
 */
#ifndef MT_SURVEY_SURVEY_H
#define MT_SURVEY_SURVEY_H

#include <jansson.h>
#include <stdbool.h>
#include <sys/types.h>

#include "jobs/job_facts.h"
#include "jobs/worker_process.h"
#include "manifest/manifest.h"
#include "survey/elf_note.h"
#include "survey/needs.h"

/* A QEMU answers a probe within 0.2 s; in the box, on a crowded host, within 20 s. */
enum { MT_PROBE_TIMEOUT_MS = 60000 };

struct mt_survey;

struct mt_surveyed_plugin {
    struct mt_survey *survey;
    const struct mt_manifest_plugin *entry; /* NULL: the user named a file */
    char *file;
    char *folder;   /* where it was found, if a link there leads to the file; or NULL */
    char *identity; /* of the file when it was checked */
    struct mt_plugin_note note;
    json_t *descriptor; /* from the worker; NULL: there is a fault */
    json_t *groups;
    json_t *options; /* values, with defaults */
    char *fault;
    bool fault_in_manifest;     /* the fault is in the manifest, and names the place */
    struct mt_strings shadowed; /* files of this name in later folders of the plugin path */
    struct mt_job_facts facts;
    bool pending;
};

struct mt_surveyed_qemu {
    struct mt_survey *survey;
    const char *side;
    const struct mt_manifest_qemu *config;
    char *binary;   /* its path */
    char *identity; /* for the cache: what runs and how it is started; NULL: not probed yet */
    json_t *abilities;
    char *fault;
    struct mt_job_facts facts;
    bool pending;
    bool is_twin; /* a destination that starts as the source does: one probe is for both */
};

/* The trial of an accelerator with one QEMU. */
struct mt_trial_job {
    struct mt_survey *survey;
    struct mt_accelerator_trial *trial;
    char *key; /* in the cache */
    const struct mt_surveyed_qemu *qemu;
    bool runs; /* QEMU runs the guest, which has not got as far as the trial needs */
    struct mt_job_facts facts;
    bool has_result;
    struct mt_trial_result result;
};

struct mt_accelerator_trial {
    const char *name;
    enum mt_accelerator_state state;
    int64_t ms;
    int64_t cpu_ms; /* core time of the QEMU in that time; two cores at once count twice */
    bool dirty_ring;
    char *why_not;
    const struct mt_surveyed_qemu *culprit; /* the QEMU whose trial failed; NULL: none was tried */
    char *why_no_ring;
    struct mt_trial_job jobs[2]; /* one for each QEMU that differs */
    unsigned pending;
    bool tried; /* its trial has at least begun */
};

enum { MT_TCG, MT_KVM, MT_ACCELERATORS };

struct mt_survey {
    const struct mt_manifest *manifest; /* NULL: no plugin is surveyed */
    struct mt_workers *workers;
    const struct mt_strings *folders; /* the plugin path */
    uid_t owner;                      /* owner of this program, whose plugins are trusted, too */
    bool insecure;                    /* plugins are loaded even if others may write to them */
    void *data;
    void (*changed)(void *data); /* called when a trial has ended; may be NULL */
    struct mt_surveyed_plugin *plugins;
    size_t plugin_count;
    struct mt_surveyed_qemu source;
    struct mt_surveyed_qemu destination;
    const char *machine;            /* the type that both know; NULL: not resolved */
    struct mt_strings machine_args; /* arguments of that machine, for both QEMUs */
    char *machine_fault;
    struct mt_accelerator_trial trials[MT_ACCELERATORS];
    const char *accel; /* the accelerator of this run; NULL: not chosen yet, or none works */
    char *accel_fault; /* why none works */
};

/* Begin to survey the manifest's plugins, a plugin's file, or the QEMUs. */
void mt_survey_plugins(struct mt_survey *survey);
void mt_survey_file(struct mt_survey *survey, const char *file);
void mt_survey_qemus(struct mt_survey *survey);

void mt_survey_clear(struct mt_survey *survey);

/*
 * Runs the loop until plugins and QEMUs have answered and the run's accelerator is chosen. KVM may
 * still be under trial then: where KVM is emulated, its trial takes many times as long as TCG's.
 */
void mt_survey_wait(struct mt_survey *survey);

/* Waits for everything. KVM is tried, too, where the manifest does not ask for it. */
void mt_survey_wait_all(struct mt_survey *survey);

/* Tries KVM, unless that has been done or is being done: a selected test needs it. */
void mt_survey_need_kvm(struct mt_survey *survey);

/*
 * Why no test can run with these QEMUs, whatever the test needs; NULL: tests can run, or it is not
 * known yet. The caller frees the text.
 */
char *mt_survey_fault(const struct mt_survey *survey);

/* What the needs of tests are compared with. Borrowed. */
struct mt_found mt_survey_found(const struct mt_survey *survey);

/* What is known of a plugin, a QEMU and the machine, for a job. Everything in them is borrowed. */
struct mt_plugin_config mt_survey_plugin(const struct mt_surveyed_plugin *plugin);
struct mt_qemu_config mt_survey_qemu(const struct mt_surveyed_qemu *qemu);
struct mt_machine_config mt_survey_machine(const struct mt_survey *survey, const char *accel);

/* The limits of a job whose guest has that much RAM, in bytes; 0: as the manifest says. */
struct mt_limits mt_survey_limits(const struct mt_survey *survey, int64_t ram);

/* The core time in which a guest boots with that accelerator; 0: unknown. */
int64_t mt_survey_boot_ms(const struct mt_survey *survey, const char *accel);

/* The state of the source's machine after a reset; NULL: unknown. Borrowed. */
json_t *mt_survey_reset(const struct mt_survey *survey, const char *accel);

/*
 * The commands that must not be used for a QEMU's second view, with the reasons. The caller owns
 * the result.
 */
json_t *mt_survey_unusable_views(const struct mt_survey *survey, const char *accel);

#endif
