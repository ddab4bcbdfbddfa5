/* SPDX-License-Identifier: Apache-2.0 */
/* migtest-worker: one job for the host, which speaks to it through two inherited descriptors. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "worker/jobs.h"
#include "worker/keeper.h"

enum {
    PLAN_FD = 3,
    RECORD_FD = 4,
};

static mt_job find_job(const char *name)
{
    static const struct {
        const char *name;
        mt_job job;
    } jobs[] = {
        {"describe", mt_job_describe},
        {"probe", mt_job_probe},
        {"try", mt_job_try},
        {"run", mt_job_run},
    };

    for (size_t i = 0; i < sizeof(jobs) / sizeof(jobs[0]); i++) {
        if (strcmp(jobs[i].name, name) == 0) {
            return jobs[i].job;
        }
    }
    return NULL;
}

static int move_high(int fd)
{
    int moved = mt_duplicate_high(fd);

    if (moved >= 0) {
        close(fd);
    }
    return moved;
}

int main(void)
{
    int plan_fd = move_high(PLAN_FD);
    int record_fd = move_high(RECORD_FD);
    MT_AUTO_ERROR struct mt_error error = {0};
    struct mt_plan plan;

    if (plan_fd < 0 || record_fd < 0) {
        fprintf(stderr, "migtest-worker: %s\n",
                errno == EBADF ? "it is started by migtest, with a plan on descriptor 3"
                               : strerror(errno));
        return 2;
    }
    if (mt_plan_read(plan_fd, &plan, &error) < 0) {
        fprintf(stderr, "migtest-worker: %s\n", mt_error_text(&error));
        return 2;
    }
    struct mt_records records = {.fd = record_fd, .token = plan.token};
    mt_job job = find_job(plan.job);
    if (job == NULL) {
        fprintf(stderr, "migtest-worker: there is no job \"%s\"\n", plan.job);
        return 2;
    }
    return mt_keep(&plan, &records, plan_fd, job);
}
