/* SPDX-License-Identifier: Apache-2.0 */
#include "worker/job.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "protocol/channel.h"

static int read_job_line(int fd, char **ret_line, struct mt_error *error)
{
    MT_AUTO_FREE char *line = mt_alloc(MT_CHANNEL_LINE_LIMIT, 1);
    size_t size = 0;

    while (size + 1 < MT_CHANNEL_LINE_LIMIT) {
        ssize_t got = read(fd, line + size, MT_CHANNEL_LINE_LIMIT - size - 1);
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got <= 0) {
            return mt_fail(error, "the job ended before its end of line");
        }
        size += (size_t)got;
        if (line[size - 1] == '\n') {
            *ret_line = mt_take_pointer(line);
            return 0;
        }
    }
    return mt_fail(error, "the job is larger than %d bytes", MT_CHANNEL_LINE_LIMIT);
}

/* The guest program is beside this program, in a build tree as in an installation. */
static const char *guest_folder(void)
{
    static char folder[4096];
    ssize_t size = readlink("/proc/self/exe", folder, sizeof(folder) - sizeof("/guest"));

    folder[size > 0 ? size : 0] = '\0';
    char *slash = strrchr(folder, '/');
    memcpy(slash != NULL ? slash : folder, "/guest", sizeof("/guest"));
    return folder;
}

int mt_job_read(int fd, struct mt_job *ret_job, struct mt_error *error)
{
    MT_AUTO_FREE char *line = NULL;
    struct mt_job job;

    if (read_job_line(fd, &line, error) < 0 || mt_job_decode(line, &job, error) < 0) {
        return -1;
    }
    if (job.kind == MT_JOB_TRY) {
        job.try.machine.guest_folder = guest_folder();
    } else if (job.kind == MT_JOB_RUN) {
        job.run.machine.guest_folder = guest_folder();
    }
    *ret_job = job;
    return 0;
}
