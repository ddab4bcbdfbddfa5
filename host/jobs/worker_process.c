/* SPDX-License-Identifier: Apache-2.0 */
#include "jobs/worker_process.h"

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/cgroup.h"
#include "base/cleanup.h"
#include "base/descendants.h"
#include "base/files.h"
#include "base/text.h"
#include "jobs/worker_launch.h"
#include "protocol/channel.h"

/* The worker itself ends a job that takes too long. After this time the host ends the worker. */
static const uint64_t grace_ms = 5000;

/* After the worker's end, the host does not wait longer for a process that still holds its channel
 * open. */
static const uint64_t drain_ms = 1000;

/* How long a worker that was asked to end may take: it kills its processes and waits for them. */
static uint64_t stop_ms(const struct mt_worker *worker)
{
    const int64_t twice = 2;

    return 3000 + (uint64_t)(twice * mt_dying_ms(worker->config.memory));
}

static void make_token(char token[33])
{
    unsigned char bytes[16];

    if (getrandom(bytes, sizeof(bytes), 0) != sizeof(bytes)) {
        abort();
    }
    for (size_t i = 0; i < sizeof(bytes); i++) {
        snprintf(token + 2 * i, 3, "%02x", bytes[i]);
    }
}

static void free_worker(struct mt_worker *worker)
{
    mt_record_reader_clear(&worker->reader);
    free(worker->scratch);
    free(worker->job_line);
    free(worker);
}

/* When the last handle is closed, nothing calls back any more. */
static void handle_closed(uv_handle_t *handle)
{
    struct mt_worker *worker = handle->data;

    if (--worker->open_handles > 0) {
        return;
    }
    mt_workers_remove(worker->workers, worker);
    if (worker->term_signal != 0) {
        /* A worker that was killed could not clean up. */
        mt_workers_kill_orphans(worker->workers);
        mt_folder_remove(worker->scratch, NULL);
        mt_cgroup_remove_left(strrchr(worker->scratch, '/') + 1);
    }
    worker->config.done(worker->config.data, worker);
    free_worker(worker);
}

static void close_handle(uv_handle_t *handle)
{
    if (!uv_is_closing(handle)) {
        uv_close(handle, handle_closed);
    }
}

static void close_all(struct mt_worker *worker)
{
    mt_child_close(&worker->process, handle_closed);
    close_handle((uv_handle_t *)&worker->job);
    close_handle((uv_handle_t *)&worker->records);
    close_handle((uv_handle_t *)&worker->timer);
}

static void drain_over(uv_timer_t *timer)
{
    close_all(timer->data);
}

static void kill_worker(uv_timer_t *timer)
{
    struct mt_worker *worker = timer->data;

    mt_kill_family(worker->process.pid);
}

void mt_worker_stop(struct mt_worker *worker)
{
    if (worker->exited || worker->stopping) {
        return;
    }
    worker->stopping = true;
    kill(worker->process.pid, SIGTERM);
    uv_timer_start(&worker->timer, kill_worker, stop_ms(worker), 0);
}

static void out_of_time(uv_timer_t *timer)
{
    mt_worker_stop(timer->data);
}

static void worker_exited(struct mt_child *process, int status)
{
    struct mt_worker *worker = process->data;

    worker->exited = true;
    worker->term_signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
    if (uv_is_closing((uv_handle_t *)&worker->records)) {
        close_all(worker);
    } else {
        uv_timer_start(&worker->timer, drain_over, drain_ms, 0);
    }
}

static void give_buffer(uv_handle_t *handle, size_t suggested, uv_buf_t *ret_buffer)
{
    struct mt_worker *worker = handle->data;

    (void)suggested;
    *ret_buffer = uv_buf_init(worker->buffer, sizeof(worker->buffer));
}

static void records_arrived(uv_stream_t *stream, ssize_t size, const uv_buf_t *buffer)
{
    struct mt_worker *worker = stream->data;

    if (size > 0) {
        mt_record_reader_feed(&worker->reader, buffer->base, (size_t)size);
    } else if (size < 0) {
        close_handle((uv_handle_t *)stream);
        if (worker->exited) {
            close_all(worker);
        }
    }
}

static void name_scratch(struct mt_worker *worker)
{
    const char *folder = getenv("TMPDIR");

    /* A UNIX socket's path has at most 107 bytes. */
    if (folder == NULL || folder[0] != '/' || strlen(folder) > 50) {
        folder = "/tmp";
    }
    worker->scratch = mt_text("%s/migtest-%d-%u-%.6s", folder, (int)getpid(),
                              ++worker->workers->started, worker->token);
}

static int make_job_line(struct mt_worker *worker, const struct mt_job *job, struct mt_error *error)
{
    struct mt_job complete = *job;

    complete.token = worker->token;
    complete.scratch = worker->scratch;
    MT_AUTO_FREE char *encoded = mt_job_encode(&complete);
    worker->job_line = mt_text("%s\n", encoded);
    size_t size = strlen(worker->job_line);
    return size < MT_CHANNEL_LINE_LIMIT
               ? 0
               : mt_fail(error, "the job of a worker is %zu bytes long, and a worker takes %d",
                         size, MT_CHANNEL_LINE_LIMIT - 1);
}

static void init_handles(struct mt_worker *worker, const struct mt_worker_channels *channels)
{
    uv_loop_t *loop = worker->workers->loop;

    uv_pipe_init(loop, &worker->job, 0);
    uv_pipe_init(loop, &worker->records, 0);
    uv_timer_init(loop, &worker->timer);
    if (uv_pipe_open(&worker->job, channels->job) < 0 ||
        uv_pipe_open(&worker->records, channels->records) < 0) {
        abort();
    }
    worker->job.data = worker->records.data = worker->timer.data = worker;
    worker->open_handles = 4;
}

static int launch(struct mt_worker *worker, int log, struct mt_error *error)
{
    const struct mt_worker_launch settings = {
        .program = worker->workers->program,
        .argument = worker->config.argument,
        .log = log,
    };
    struct mt_worker_channels channels;

    worker->process.ended = worker_exited;
    worker->process.data = worker;
    worker->process.end.data = worker;
    if (mt_worker_launch(&settings, worker->workers->loop, &worker->process, &channels, error) <
        0) {
        return -1;
    }
    init_handles(worker, &channels);
    return 0;
}

/* A worker that does not read its job shows that by its records, or by having none. */
static void job_written(uv_write_t *write, int status)
{
    (void)write;
    (void)status;
}

static void begin_job(struct mt_worker *worker)
{
    uv_buf_t line = uv_buf_init(worker->job_line, (unsigned)strlen(worker->job_line));

    mt_workers_add(worker->workers, worker);
    uv_write(&worker->write, (uv_stream_t *)&worker->job, &line, 1, job_written);
    uv_read_start((uv_stream_t *)&worker->records, give_buffer, records_arrived);
    uv_timer_start(&worker->timer, out_of_time, (uint64_t)worker->timeout_ms + grace_ms, 0);
}

int mt_worker_start(struct mt_workers *workers, const struct mt_worker_config *config,
                    const struct mt_job *job, struct mt_worker **ret_worker, struct mt_error *error)
{
    const char *path = config->log != NULL ? config->log : "/dev/null";
    MT_AUTO_FD int log = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);

    if (log < 0) {
        return mt_fail_errno(error, "cannot open the log %s", path);
    }
    struct mt_worker *worker = mt_alloc(1, sizeof(*worker));
    worker->workers = workers;
    worker->config = *config;
    worker->timeout_ms = job->timeout_ms;
    make_token(worker->token);
    worker->reader = (struct mt_record_reader){
        .token = worker->token, .data = config->data, .record = config->record};
    name_scratch(worker);
    if (make_job_line(worker, job, error) < 0 || launch(worker, log, error) < 0) {
        free_worker(worker);
        return -1;
    }
    begin_job(worker);
    if (ret_worker != NULL) {
        *ret_worker = worker;
    }
    return 0;
}
