/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How fast this host is, compared with the reference machine that time limits are meant for. How
 * fast the host starts programs and copies memory is measured here, in a thread, while a run starts
 * up. How fast a guest boots is measured by the trial of the accelerator.
 */
#ifndef MT_RUNNER_CALIBRATE_H
#define MT_RUNNER_CALIBRATE_H

#include <stdbool.h>
#include <stdint.h>
#include <uv.h>

struct mt_calibration {
    double start_ms;        /* core time of a small program from its start to its end */
    double copy_mib_per_ms; /* from memory to memory */
    int64_t boot_ms;        /* core time of a QEMU to its guest's fourth pass; 0: unknown */
    double crowd; /* tests and busy loops, divided by the number of tests that the cores are for */
};

struct mt_calibrator {
    uv_work_t work;
    const char *program;
    struct mt_calibration found;
    bool running;
};

/* `program` must end at once if it is given no work, as the worker does. */
void mt_calibrate_begin(struct mt_calibrator *calibrator, uv_loop_t *loop, const char *program);

/* Runs the loop until the measurement has ended. */
void mt_calibrate_wait(struct mt_calibrator *calibrator, uv_loop_t *loop);

/* The load average of the last minute: the number of processes that needed a core. */
double mt_load_here(void);

/*
 * The crowd of a calibration. `meant` is the number of tests that the cores are meant for, `tests`
 * the number of tests that run at once. A load up to `meant` is ignored: it may come from a run of
 * migtest that has just ended.
 */
double mt_calibration_crowd(double meant, double tests, double load);

/* The factor by which time limits are multiplied, never below 1. */
double mt_calibration_factor(const struct mt_calibration *calibration);

/*
 * A further factor for a guest with that much RAM (in bytes), as more RAM takes longer to send, to
 * compare and to free. All limits grow by the same factor, so that shorter limits stay within
 * longer ones.
 */
double mt_ram_factor(int64_t ram);

/* The figures of a calibration, for a message; the caller frees it. */
char *mt_calibration_text(const struct mt_calibration *calibration);

#endif
