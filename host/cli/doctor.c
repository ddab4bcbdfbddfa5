/* SPDX-License-Identifier: Apache-2.0 */
/* migtest doctor */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/cgroup.h"
#include "base/cleanup.h"
#include "base/json.h"
#include "base/network.h"
#include "cli/commands.h"
#include "cli/diagnostics.h"
#include "cli/session.h"
#include "manifest/values.h"
#include "runner/calibrate.h"
#include "runner/slots.h"

static const char usage[] = "usage: migtest doctor [options] [MANIFEST]\n"
                            "\n"
                            "Says what this host and its QEMUs can do, and what tests will lack.\n"
                            "\n"
                            "      --source QEMU, --destination QEMU, --host NAME   as for run\n";

static const char *const allowed[] = {"destination", "host", "source", NULL};

static void print_qemu(const struct mt_surveyed_qemu *qemu)
{
    printf("%-13s ", qemu->side);
    if (qemu->fault != NULL) {
        printf("not usable: %s\n", qemu->fault);
        return;
    }
    const char *build_id = mt_json_text(qemu->abilities, "build_id");
    printf("QEMU %s, %s, build id %s\n", mt_json_text(qemu->abilities, "full_version"),
           qemu->binary, build_id[0] != '\0' ? build_id : "unknown");
}

static void print_machine(const struct mt_survey *survey)
{
    if (survey->machine != NULL) {
        printf("%-13s %s, the newest %s that both know\n", "machine", survey->machine,
               survey->manifest->machine);
    } else if (survey->machine_fault != NULL) {
        printf("%-13s none: %s\n", "machine", survey->machine_fault);
    }
}

static void print_trial(const struct mt_accelerator_trial *trial)
{
    if (!trial->tried) {
        return;
    }
    printf("%-13s ", trial->name);
    if (trial->state != MT_ACCELERATOR_WORKS) {
        printf("does not work: %s\n", trial->why_not != NULL ? trial->why_not : "no result");
        return;
    }
    printf("works: %" PRId64 " ms from start to the guest's fourth pass over its memory%s\n",
           trial->ms, trial->dirty_ring ? ", with the dirty ring" : "");
    if (trial->why_no_ring != NULL) {
        printf("%-13s does not work: %s\n", "dirty ring", trial->why_no_ring);
    }
}

static void print_choice(const struct mt_survey *survey)
{
    const struct mt_accelerator_trial *kvm = &survey->trials[MT_KVM];

    if (survey->accel != NULL) {
        printf("%-13s %s\n", "accelerator", survey->accel);
    } else if (survey->accel_fault != NULL) {
        printf("%-13s none: %s\n", "accelerator", survey->accel_fault);
    }
    if (kvm->tried && (kvm->state != MT_ACCELERATOR_WORKS || !kvm->dirty_ring)) {
        printf("%-13s tests that need KVM's dirty ring (dirty_ring, dirty_limit, vcpu_dirty_limit) "
               "are skipped here; migtest box run --slow runs them\n",
               "lacking");
    }
}

static void print_speed(struct mt_session *session, struct mt_calibrator *calibrator)
{
    struct mt_calibration found =
        mt_session_calibrate(session, calibrator, mt_tests_for(mt_cores_here()));
    MT_AUTO_FREE char *text = mt_calibration_text(&found);
    printf("%-13s %.2f times those of the reference machine: %s\n", "time limits",
           mt_calibration_factor(&found), text);
}

/*
 * The limits of tests. A control group is made as a trial, since a container may show control
 * groups in which no group can be made.
 */
static void print_limits(const struct mt_manifest *manifest)
{
    const struct mt_allowance allowance = mt_manifest_limits(manifest, 0);
    MT_AUTO_FREE char *memory = mt_size_text(allowance.memory);
    MT_AUTO_FREE char *file_size = mt_size_text(allowance.file_size);
    MT_AUTO_FREE char *name = mt_text("migtest-doctor-%d", (int)getpid());
    MT_AUTO_ERROR struct mt_error error = {0};
    MT_AUTO_FREE char *group = mt_cgroup_make(name, allowance.memory, allowance.processes, &error);

    printf("%-13s memory %s %s; processes %" PRId64 " %s; file size %s\n", "limits", memory,
           group != NULL ? "of a test with its QEMUs" : "of each process (no control group)",
           allowance.processes,
           group != NULL    ? "of a test with its QEMUs"
           : geteuid() != 0 ? "beside those that this user has (no control group)"
                            : "not limited: no control group, and this is root",
           file_size);
    if (group == NULL) {
        printf("%-13s %s\n", "", mt_error_text(&error));
    }
    mt_cgroup_remove(group);
}

static void print_network(const struct mt_manifest *manifest)
{
    MT_AUTO_ERROR struct mt_error error = {0};

    if (strcmp(manifest->network, "host") == 0) {
        printf("%-13s the host's for all tests, as the manifest says\n", "network");
    } else if (mt_network_try(&error) < 0) {
        printf("%-13s the host's for all tests, open to its other users: %s\n", "network",
               mt_error_text(&error));
    } else {
        printf("%-13s one of its own for each test\n", "network");
    }
}

static int examine(struct mt_session *session, const struct mt_cli_options *options)
{
    struct mt_survey *survey = &session->survey;
    struct mt_calibrator calibrator;

    mt_calibrate_begin(&calibrator, &session->loop, session->workers.program);
    mt_survey_qemus(survey);
    mt_survey_wait_all(survey);
    printf("%-13s %s, %u tests at once\n", "host", options->host,
           mt_slots_here(session->manifest->ram));
    print_qemu(&survey->source);
    print_qemu(&survey->destination);
    print_machine(survey);
    for (int i = 0; i < MT_ACCELERATORS; i++) {
        print_trial(&survey->trials[i]);
    }
    print_choice(survey);
    print_speed(session, &calibrator);
    print_limits(session->manifest);
    print_network(session->manifest);
    bool well = survey->accel != NULL;
    printf("%-13s %s\n", "verdict", well ? "migtest can run here" : "nothing can run here");
    return well ? MT_EXIT_PASSED : MT_EXIT_FAILED;
}

int mt_command_doctor(int argc, char **argv)
{
    static const struct mt_command command = {
        .name = "doctor", .usage = usage, .allowed = allowed, .run = examine};

    return mt_command_execute(argc, argv, &command);
}
