/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The library tells its caller what happens through these callbacks. So the library knows neither
 * runs nor journals.
 */
#ifndef MT_VM_OBSERVER_H
#define MT_VM_OBSERVER_H

#include <stdint.h>
#include <sys/types.h>

struct mt_failure {
    const char *message;
    const char *file;
    int line;
};

struct mt_started_qemu {
    const char *side;
    pid_t pid;
    char *const *command;
    const char *accel;
    const char *machine;
};

/* The program that has sent the greeting. It may be another than the file that was started. */
struct mt_greeted_qemu {
    const char *side;
    pid_t pid;
    const char *version;  /* as mt_version_text has it */
    const char *build_id; /* see struct mt_image; NULL: unknown */
    const char *program;  /* its path; NULL: unknown */
};

/* Each member may be NULL. `data` is passed to each callback. */
struct mt_observer {
    void *data;
    /* The test begins to wait for `what`, for at most `ms`. */
    void (*waiting)(void *data, const char *side, const char *what, int64_t ms);
    /* A side did something by itself: it sent an event, or its guest gave a sign. */
    void (*moved)(void *data, const char *side, const char *what);
    void (*note)(void *data, const char *key, const char *value);
    void (*started)(void *data, const struct mt_started_qemu *qemu);
    void (*greeted)(void *data, const struct mt_greeted_qemu *qemu);
    /* The environment is not the one that the caller expects, so nothing can be concluded. */
    void (*environment)(void *data, const char *what);
    void (*failed)(void *data, const struct mt_failure *failure);
    void (*skipped)(void *data, const char *why);
    void (*undecided)(void *data, const char *why);
    /* For the reader of a failure, at any time: whole lines, without the last newline. */
    void (*log)(void *data, const char *text);
};

/* `observer` may be NULL. */
void mt_observer_log(const struct mt_observer *observer, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#endif
