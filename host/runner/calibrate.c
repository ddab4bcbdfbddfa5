/* SPDX-License-Identifier: Apache-2.0 */
#include "runner/calibrate.h"

#include <fcntl.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/processor_time.h"
#include "base/text.h"
#include "protocol/channel.h"

/* The reference machine: two cores of a small virtual server, idle. */
static const struct mt_calibration reference = {
    .start_ms = 10, .copy_mib_per_ms = 2, .boot_ms = 300, .crowd = 1};

/*
 * The time limit of a step of a test (MT_STEP_TIMEOUT_MS), and the lowest rate at which the RAM
 * beyond that of the usual guest may be migrated in that time: a fifth of the rate at which the
 * reference machine sends a guest of 4 GiB in a memfd.
 */
static const double step_s = 40;
static const double ram_mib_per_s = 100;
static const int64_t usual_ram = INT64_C(256) << 20;

/*
 * The core time of one run of the program, in microseconds; 0: it could not be measured. Core time
 * does not count how long other processes had the core, which is in the load. The child belongs to
 * this thread, so the main thread, which looks for children that dead workers left behind, does not
 * find this child.
 */
static int64_t run_once(const char *program)
{
    char *arguments[] = {(char *)(uintptr_t)program, NULL};
    posix_spawn_file_actions_t actions;
    struct rusage used;
    pid_t pid;
    int status;

    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    /* Without its channels the worker ends at once. It must not get the files of the caller. */
    posix_spawn_file_actions_addclose(&actions, MT_JOB_FD);
    posix_spawn_file_actions_addclose(&actions, MT_RECORD_FD);
    int result = posix_spawn(&pid, program, &actions, NULL, arguments, environ);
    posix_spawn_file_actions_destroy(&actions);
    if (result != 0 || wait4(pid, &status, 0, &used) != pid) {
        return 0;
    }
    return mt_processor_time_us(&used);
}

static double measure_start(const char *program)
{
    const int times = 4;
    int64_t best_us = 0;

    for (int i = 0; i < times; i++) {
        int64_t used_us = run_once(program);
        if (used_us > 0 && (best_us == 0 || used_us < best_us)) {
            best_us = used_us;
        }
    }
    return (double)best_us / 1000;
}

static int64_t own_time_us(void)
{
    struct timespec used;

    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &used);
    return (int64_t)used.tv_sec * 1000000 + used.tv_nsec / 1000;
}

static double measure_copy(void)
{
    const size_t size = 8 << 20; /* more than the caches of a core */
    const int times = 5;
    MT_AUTO_FREE char *from = mt_alloc(size, 1);
    MT_AUTO_FREE char *to = mt_alloc(size, 1);
    int64_t best_us = INT64_MAX;

    memset(from, 1, size);
    memset(to, 2, size);
    for (int i = 0; i < times; i++) {
        int64_t start_us = own_time_us();
        memcpy(to, from, size);
        /* Makes the compiler keep the copy. */
        __asm__ volatile("" : : "r"(to) : "memory");
        int64_t used_us = own_time_us() - start_us;
        best_us = used_us < best_us ? used_us : best_us;
    }
    return (double)(size >> 20) * 1000 / (double)(best_us > 0 ? best_us : 1);
}

static void calibrator_measure(uv_work_t *work)
{
    struct mt_calibrator *calibrator = work->data;

    calibrator->found.copy_mib_per_ms = measure_copy();
    calibrator->found.start_ms = measure_start(calibrator->program);
}

static void calibrator_measured(uv_work_t *work, int status)
{
    struct mt_calibrator *calibrator = work->data;

    (void)status;
    calibrator->running = false;
}

void mt_calibrate_begin(struct mt_calibrator *calibrator, uv_loop_t *loop, const char *program)
{
    *calibrator = (struct mt_calibrator){.program = program};
    calibrator->work.data = calibrator;
    calibrator->running =
        uv_queue_work(loop, &calibrator->work, calibrator_measure, calibrator_measured) == 0;
}

void mt_calibrate_wait(struct mt_calibrator *calibrator, uv_loop_t *loop)
{
    while (calibrator->running && uv_run(loop, UV_RUN_ONCE) != 0) {
    }
}

double mt_load_here(void)
{
    double load = 0;

    return getloadavg(&load, 1) == 1 ? load : 0;
}

double mt_calibration_crowd(double meant, double tests, double load)
{
    double other_load = load > meant ? load - meant : 0;

    return (tests + other_load) / meant;
}

static double at_least(double factor, double other)
{
    return other > factor ? other : factor;
}

double mt_calibration_factor(const struct mt_calibration *calibration)
{
    double factor = at_least(1, calibration->start_ms / reference.start_ms);

    if (calibration->copy_mib_per_ms > 0) {
        factor = at_least(factor, reference.copy_mib_per_ms / calibration->copy_mib_per_ms);
    }
    factor = at_least(factor, (double)calibration->boot_ms / (double)reference.boot_ms);
    /* The factors are not multiplied: what was measured on a crowded host already includes the
     * crowd. */
    return at_least(factor, calibration->crowd);
}

double mt_ram_factor(int64_t ram)
{
    int64_t more_mib = (ram - usual_ram) >> 20;

    return more_mib > 0 ? 1 + (double)more_mib / ram_mib_per_s / step_s : 1;
}

char *mt_calibration_text(const struct mt_calibration *calibration)
{
    const double mib_per_ms_in_gib_per_s = 1000.0 / 1024;
    MT_AUTO_FREE char *boot = calibration->boot_ms > 0 ? mt_text(", a QEMU boots in %lld ms",
                                                                 (long long)calibration->boot_ms)
                                                       : mt_text_copy("");
    MT_AUTO_FREE char *crowd =
        calibration->crowd > 1
            ? mt_text(", and the cores have %.1f times as much to do as they are meant for",
                      calibration->crowd)
            : mt_text_copy("");

    return mt_text("a program starts in %.1f ms of a core%s, memory is copied at %.1f GiB/s%s",
                   calibration->start_ms, boot,
                   calibration->copy_mib_per_ms * mib_per_ms_in_gib_per_s, crowd);
}
