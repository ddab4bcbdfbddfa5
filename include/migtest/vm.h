/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One QEMU of the pair: its monitor, its events, its guest.
 *
 * All functions here fail the running test at the caller's line when they cannot do what they
 * promise (but for *_try), and say which side they spoke to, what they attempted and what they
 * found; a QEMU that has died ends every wait at once, with its exit status and the end of its
 * stderr. Times are in milliseconds. Call them on the test's own thread only.
 */
#ifndef MIGTEST_VM_H
#define MIGTEST_VM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include <migtest/abi.h>

MT_BEGIN_C

struct mt_vm;
/* Lives as long as its VM: until the pair ends, or mt_new_destination puts another in its place.
 * Nobody frees it. */
struct mt_reply;

/*
 * Runs a QMP command and returns what it returned.
 *
 * `json_format` is the arguments object as JSON text, in which strings may stand in single quotes
 * and each printf conversion is one whole JSON value, escaped as it must be:
 *
 *     mt_qmp(vm, "getfd", "{'fdname': %s}", name);
 *
 * %s a string (NULL: null), %d %u %ld %lu %lld %llu %zu and PRId64 a number, %f a number, %i
 * true or false. NULL as the format: no arguments. The reply must come within 30 s.
 */
#define mt_qmp(vm, ...) mt_qmp_at(MT_HERE, vm, __VA_ARGS__)
MT_API struct mt_reply *mt_qmp_at(const char *file, int line, struct mt_vm *vm, const char *command,
                                  const char *json_format, ...)
    __attribute__((format(printf, 5, 6)));

/* The same where QEMU must refuse: returns the error object, whose text is at "desc". */
#define mt_qmp_error(vm, ...) mt_qmp_error_at(MT_HERE, vm, __VA_ARGS__)
MT_API struct mt_reply *mt_qmp_error_at(const char *file, int line, struct mt_vm *vm,
                                        const char *command, const char *json_format, ...)
    __attribute__((format(printf, 5, 6)));

/*
 * The same where both may happen: 0 and the returned value, 1 and the error object, or -1 when
 * there was no answer at all.
 */
MT_API int mt_qmp_try(struct mt_vm *vm, struct mt_reply **ret_reply, const char *command,
                      const char *json_format, ...) __attribute__((format(printf, 4, 5)));

/*
 * A value in a reply by its dotted path: "ram.remaining", "0.limit-rate". The plain ones fail the
 * test when there is no such value or it is of another type; the *_or ones return the fallback
 * where there is none.
 */
#define mt_reply_int(reply, path) mt_reply_int_at(MT_HERE, reply, path)
#define mt_reply_bool(reply, path) mt_reply_bool_at(MT_HERE, reply, path)
#define mt_reply_string(reply, path) mt_reply_string_at(MT_HERE, reply, path)
MT_API int64_t mt_reply_int_at(const char *file, int line, const struct mt_reply *reply,
                               const char *path);
MT_API bool mt_reply_bool_at(const char *file, int line, const struct mt_reply *reply,
                             const char *path);
MT_API const char *mt_reply_string_at(const char *file, int line, const struct mt_reply *reply,
                                      const char *path);
MT_API int64_t mt_reply_int_or(const struct mt_reply *reply, const char *path, int64_t fallback);
/* How many elements the array (or members the object) at `path` has; "" is the reply itself. */
#define mt_reply_count(reply, path) mt_reply_count_at(MT_HERE, reply, path)
MT_API int64_t mt_reply_count_at(const char *file, int line, const struct mt_reply *reply,
                                 const char *path);

/* Sets a migration parameter on one side and reads it back. (QEMU 2.8) */
#define mt_set_parameter(vm, name, value) mt_set_parameter_at(MT_HERE, vm, name, value)
#define mt_set_parameter_string(vm, name, value)                                                   \
    mt_set_parameter_string_at(MT_HERE, vm, name, value)
MT_API void mt_set_parameter_at(const char *file, int line, struct mt_vm *vm, const char *name,
                                int64_t value);
MT_API void mt_set_parameter_string_at(const char *file, int line, struct mt_vm *vm,
                                       const char *name, const char *value);

/*
 * Waits for the next event of that name that no wait has returned yet; an event that came before
 * the call counts, none is ever lost. What migtest waits for by itself, as in mt_migrate_finish,
 * counts, too.
 */
#define mt_wait_event(vm, event, timeout_ms) mt_wait_event_at(MT_HERE, vm, event, timeout_ms)
MT_API struct mt_reply *mt_wait_event_at(const char *file, int line, struct mt_vm *vm,
                                         const char *event, int64_t timeout_ms);

/*
 * Asks again and again, 10 ms apart, until a command without arguments returns that string at that
 * path, and returns that reply: for the few things of which QEMU sends no event.
 */
#define mt_wait_reply(vm, command, path, value, timeout_ms)                                        \
    mt_wait_reply_at(MT_HERE, vm, command, path, value, timeout_ms)
MT_API struct mt_reply *mt_wait_reply_at(const char *file, int line, struct mt_vm *vm,
                                         const char *command, const char *path, const char *value,
                                         int64_t timeout_ms);

/* Waits until QEMU ends by itself, with that exit status and by no signal. */
#define mt_wait_exit(vm, status) mt_wait_exit_at(MT_HERE, vm, status)
MT_API void mt_wait_exit_at(const char *file, int line, struct mt_vm *vm, int status);

/*
 * What the guest writes to, pass after pass. An absent member means all of its pages (25,344 of 4
 * KiB, from 1 MiB on), as fast as it can. Without any of this it writes to all, too, but rests
 * after each pass where TCG runs it, 15 to 50 ms, unless the test waits for the next one: there a
 * pass takes some 8 ms, and one of a migration's some 70.
 */
struct mt_dirtying {
    size_t size;
    unsigned
        pages_per_second; /* at most 150,000; a busy host makes it fewer, nothing makes it more */
    unsigned stride;      /* every so many pages of the working set, the first among them */
    unsigned working_set; /* in pages, from the first on */
    uint8_t reserved[4];  /* 0 */
};

#define MT_DIRTYING(...) MT_LOCAL_OBJECT(mt_dirtying, __VA_ARGS__)

/*
 * Lets the running guest dirty that from now on, until it is suspended. A pass, here and in what
 * migtest waits for, is then one over these pages, and must not take more than 5 s. The others keep
 * what they hold, and are checked with them.
 */
#define mt_set_dirtying(vm, dirtying) mt_set_dirtying_at(MT_HERE, vm, dirtying)
MT_API void mt_set_dirtying_at(const char *file, int line, struct mt_vm *vm,
                               const struct mt_dirtying *dirtying);

/* Waits until the guest ends a pass, which it may have begun before: after two of these waits all
 * of its pages have been written to. */
#define mt_wait_guest_pass(vm) mt_wait_guest_pass_at(MT_HERE, vm)
MT_API void mt_wait_guest_pass_at(const char *file, int line, struct mt_vm *vm);

/* How many times the guest has written to all of its pages so far, as it reported over its line. */
#define mt_guest_passes(vm) mt_guest_passes_at(MT_HERE, vm)
MT_API int64_t mt_guest_passes_at(const char *file, int line, struct mt_vm *vm);

/*
 * Lets the running guest check every word of its memory, and that its registers and those of the
 * board have kept what it put there; fails with the address or the register that is wrong.
 */
#define mt_check_guest(vm) mt_check_guest_at(MT_HERE, vm)
MT_API void mt_check_guest_at(const char *file, int line, struct mt_vm *vm);

/*
 * Lets the running guest take the notes again that it compares its registers with, and those of its
 * devices: for a test that has changed what the guest has, by device_add, say. Call it once QEMU is
 * through with that, and before the guest is checked or migrated. After a reset it is not needed:
 * the guest begins again then.
 */
#define mt_note_guest(vm) mt_note_guest_at(MT_HERE, vm)
MT_API void mt_note_guest_at(const char *file, int line, struct mt_vm *vm);

/*
 * Lets the guest give signs of life from now on, one after each 2,048 pages of a pass (so none
 * where mt_set_dirtying leaves fewer), until it is suspended; nor does it rest then. Waits for the
 * first. What they are for is mt_migrate_judge_downtime.
 */
#define mt_beat_guest(vm) mt_beat_guest_at(MT_HERE, vm)
MT_API void mt_beat_guest_at(const char *file, int line, struct mt_vm *vm);

/* How many it has given so far: a dozen in a pass over all of its pages. */
#define mt_guest_beats(vm) mt_guest_beats_at(MT_HERE, vm)
MT_API int64_t mt_guest_beats_at(const char *file, int line, struct mt_vm *vm);

/*
 * How long the thread of the guest's first CPU has had a core of this host so far, and how long it
 * has waited for one, in nanoseconds, as the scheduler counts it; the rest of the time it slept: by
 * itself, or because QEMU throttled it.
 */
#define mt_guest_ran_ns(vm) mt_guest_ran_ns_at(MT_HERE, vm)
MT_API int64_t mt_guest_ran_ns_at(const char *file, int line, struct mt_vm *vm);
#define mt_guest_waited_ns(vm) mt_guest_waited_ns_at(MT_HERE, vm)
MT_API int64_t mt_guest_waited_ns_at(const char *file, int line, struct mt_vm *vm);

/* Lets the guest suspend itself (ACPI S3), and waits for SUSPEND. (QEMU 1.1) */
#define mt_suspend_guest(vm) mt_suspend_guest_at(MT_HERE, vm)
MT_API void mt_suspend_guest_at(const char *file, int line, struct mt_vm *vm);

/*
 * Wakes a suspended guest and waits until it has made a pass, which compares a word of each page;
 * mt_check_guest compares all. Fails when the guest is not suspended. (QEMU 4.0, whose
 * system_wakeup says so)
 */
#define mt_wake_guest(vm) mt_wake_guest_at(MT_HERE, vm)
MT_API void mt_wake_guest_at(const char *file, int line, struct mt_vm *vm);

/* The process, for what only /proc shows. */
MT_API pid_t mt_pid(const struct mt_vm *vm);

/* Ends QEMU by `quit`; its exit status must be 0. */
#define mt_quit(vm) mt_quit_at(MT_HERE, vm)
MT_API void mt_quit_at(const char *file, int line, struct mt_vm *vm);

MT_END_C

#endif
