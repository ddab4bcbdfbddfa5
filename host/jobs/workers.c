/* SPDX-License-Identifier: Apache-2.0 */
#include "jobs/workers.h"

#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/descendants.h"
#include "base/text.h"
#include "jobs/worker_process.h"

unsigned mt_workers_count(const struct mt_workers *workers)
{
    unsigned count = 0;

    for (const struct mt_worker *worker = workers->first; worker != NULL; worker = worker->next) {
        count++;
    }
    return count;
}

void mt_workers_stop_all(struct mt_workers *workers)
{
    for (struct mt_worker *worker = workers->first; worker != NULL; worker = worker->next) {
        mt_worker_stop(worker);
    }
}

void mt_workers_add(struct mt_workers *workers, struct mt_worker *worker)
{
    worker->next = workers->first;
    workers->first = worker;
}

void mt_workers_remove(struct mt_workers *workers, struct mt_worker *worker)
{
    struct mt_worker **link = &workers->first;

    while (*link != NULL) {
        if (*link == worker) {
            *link = worker->next;
            return;
        }
        link = &(*link)->next;
    }
}

void mt_workers_kill_orphans(const struct mt_workers *workers)
{
    size_t count = workers->other_count;
    MT_AUTO_FREE pid_t *spared = mt_alloc(count + mt_workers_count(workers), sizeof(*spared));

    for (size_t i = 0; i < workers->other_count; i++) {
        spared[i] = workers->others[i];
    }
    for (const struct mt_worker *worker = workers->first; worker != NULL; worker = worker->next) {
        spared[count++] = worker->process.pid;
    }
    mt_kill_children(spared, count, NULL);
}
