/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How fast this host is, beside the reference machine that time limits are meant for: how fast it
 * starts programs and copies memory is measured here, in a thread, while a run starts up; how fast
 * it boots, the trial of the accelerator has measured.
 */
#ifndef MT_RUNNER_CALIBRATE_H
#define MT_RUNNER_CALIBRATE_H

#include <stdbool.h>
#include <stdint.h>
#include <uv.h>

struct mt_calibration {
    double start_ms;        /* of a core, for a small program from its start to its end */
    double copy_mib_per_ms; /* memory to memory */
    int64_t boot_ms;        /* of a core, for a QEMU to its guest's fourth pass; 0: not known */
    double crowd;           /* how much there is to do for each test that the cores are meant for */
};

struct mt_calibrator {
    uv_work_t work;
    const char *program;
    struct mt_calibration found;
    bool running;
};

/* `program` is one that ends at once when nobody gives it work. */
void mt_calibrate_begin(struct mt_calibrator *calibrator, uv_loop_t *loop, const char *program);

/* Runs the loop until it is through. */
void mt_calibrate_wait(struct mt_calibrator *calibrator, uv_loop_t *loop);

/* How many others wanted a core in the last minute. */
double mt_load_here(void);

/* With cores `meant` for so many tests, so many at once, and that load: what is below what they are
 * meant for may be a run of ours that has just ended. */
double mt_calibration_crowd(double meant, double tests, double load);

/* What time limits are to be multiplied by, never below 1. */
double mt_calibration_factor(const struct mt_calibration *calibration);

/*
 * What they are to be multiplied by as well where a guest has that much RAM (in bytes), as it takes
 * longer to send, to compare and to give back. All limits grow alike, so that they stay nested.
 */
double mt_ram_factor(int64_t ram);

/* The figures that it comes from; the caller frees it. */
char *mt_calibration_text(const struct mt_calibration *calibration);

#endif
