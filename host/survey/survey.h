/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is here: the plugins of a manifest and what they test, the two QEMUs and what they can do,
 * the machine that both know, the accelerators that work. Found out by worker jobs, all at once;
 * what stays true is taken from the cache.
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

/* A QEMU answers all that is asked in 0.2 s, and in an emulated KVM on a crowded host in 20 s. */
enum { MT_PROBE_TIMEOUT_MS = 60000 };

struct mt_survey;

struct mt_surveyed_plugin {
    struct mt_survey *survey;
    const struct mt_manifest_plugin *entry; /* NULL: a file that was asked for by path */
    char *file;
    char *folder;   /* where it was found, should that not be where the file is */
    char *identity; /* of the file as it was looked at */
    struct mt_plugin_note note;
    json_t *descriptor; /* as the worker describes it; NULL where there is a fault */
    json_t *groups;
    json_t *options; /* values, defaults filled in */
    char *fault;
    bool fault_in_manifest; /* the fault names a place in the manifest */
    struct mt_strings shadowed;
    struct mt_job_facts facts;
    bool pending;
};

struct mt_surveyed_qemu {
    struct mt_survey *survey;
    const char *side;
    const struct mt_manifest_qemu *config;
    char *binary;   /* its path */
    char *identity; /* for the cache: what runs and how it is started; NULL until it was asked */
    json_t *abilities;
    char *fault;
    struct mt_job_facts facts;
    bool pending;
    bool is_twin; /* the destination: started as the source is, whose answers hold for it, too */
};

/* The trial of an accelerator with one QEMU. */
struct mt_trial_job {
    struct mt_survey *survey;
    struct mt_accelerator_trial *trial;
    char *key; /* of the cache */
    const struct mt_surveyed_qemu *qemu;
    bool runs; /* QEMU ran the guest, which did not come as far as it should */
    struct mt_job_facts facts;
    bool has_result;
    struct mt_trial_result result;
};

struct mt_accelerator_trial {
    const char *name;
    enum mt_accelerator_state state;
    int64_t ms;
    int64_t cpu_ms; /* of these, that the QEMU had a core; two cores at once count twice */
    bool dirty_ring;
    char *why_not;
    const struct mt_surveyed_qemu *culprit; /* with which it was found not to; NULL: with none */
    char *why_no_ring;
    struct mt_trial_job jobs[2]; /* one for each QEMU that differs */
    unsigned pending;
    bool tried; /* or being tried */
};

enum { MT_TCG, MT_KVM, MT_ACCELERATORS };

struct mt_survey {
    const struct mt_manifest *manifest; /* NULL: only a file is looked at */
    struct mt_workers *workers;
    const struct mt_strings *folders; /* the plugin path */
    uid_t owner;                      /* of this program, whose plugins are trusted, too */
    bool insecure;                    /* plugins are taken from whoever may have written them */
    void *data;
    void (*changed)(void *data); /* a trial has ended; NULL: nobody asks */
    struct mt_surveyed_plugin *plugins;
    size_t plugin_count;
    struct mt_surveyed_qemu source;
    struct mt_surveyed_qemu destination;
    const char *machine;            /* the type that both know; NULL until then */
    struct mt_strings machine_args; /* of that machine, for both QEMUs */
    char *machine_fault;
    struct mt_accelerator_trial trials[MT_ACCELERATORS];
    const char *accel; /* the one for this run; NULL until it is chosen, or none works */
    char *accel_fault; /* why none does */
};

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

/* Why nothing can run with these QEMUs, whatever it needs; NULL: something can, or it is not known
 * yet. The caller frees it.
 */
char *mt_survey_fault(const struct mt_survey *survey);

struct mt_found mt_survey_found(const struct mt_survey *survey);

/* What is known of a plugin, a QEMU and the machine, for a job. Everything in them is borrowed. */
struct mt_plugin_config mt_survey_plugin(const struct mt_surveyed_plugin *plugin);
struct mt_qemu_config mt_survey_qemu(const struct mt_surveyed_qemu *qemu);
struct mt_machine_config mt_survey_machine(const struct mt_survey *survey, const char *accel);

/* The limits of a job whose guest has that much RAM, in bytes; 0: as the manifest says. */
struct mt_limits mt_survey_limits(const struct mt_survey *survey, int64_t ram);

/* How much of a core's time a QEMU takes to boot with it; 0: that is not known. */
int64_t mt_survey_boot_ms(const struct mt_survey *survey, const char *accel);

/* What the source's machine is like before it runs; NULL: that was not found out. Borrowed. */
json_t *mt_survey_reset(const struct mt_survey *survey, const char *accel);

/* What neither QEMU is to be asked for its second view, by command, with the reason. The caller's.
 */
json_t *mt_survey_unusable_views(const struct mt_survey *survey, const char *accel);

#endif
