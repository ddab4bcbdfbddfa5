/* SPDX-License-Identifier: Apache-2.0 */
/* migtest-worker: one job for the host, which speaks to this process through two inherited
 * descriptors. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "protocol/channel.h"
#include "worker/job.h"
#include "worker/keeper.h"
#include "worker/work.h"

static int move_high(int fd)
{
    int moved = mt_duplicate_high(fd);

    if (moved >= 0) {
        close(fd);
    }
    return moved;
}

static mt_work work_of(enum mt_job_kind kind)
{
    switch (kind) {
    case MT_JOB_DESCRIBE:
        return mt_work_describe;
    case MT_JOB_PROBE:
        return mt_work_probe;
    case MT_JOB_TRY:
        return mt_work_try;
    case MT_JOB_RUN:
    case MT_JOB_KINDS:
        break;
    }
    return mt_work_run;
}

int main(void)
{
    int job_fd = move_high(MT_JOB_FD);
    int record_fd = move_high(MT_RECORD_FD);
    MT_AUTO_ERROR struct mt_error error = {0};
    struct mt_job job;

    if (job_fd < 0 || record_fd < 0) {
        fprintf(stderr, "migtest-worker: %s\n",
                errno == EBADF ? "it is started by migtest, with a job on descriptor 3"
                               : strerror(errno));
        return 2;
    }
    if (mt_job_read(job_fd, &job, &error) < 0) {
        fprintf(stderr, "migtest-worker: %s\n", mt_error_text(&error));
        return 2;
    }
    const struct mt_record_writer writer = {.fd = record_fd, .token = job.token};
    int status = mt_keep(&job, &writer, job_fd, work_of(job.kind));
    mt_job_clear(&job);
    return status;
}
