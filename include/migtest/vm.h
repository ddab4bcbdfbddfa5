/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One QEMU of the pair: its monitor, its events, its guest.
 *
 * All functions here except mt_qmp_try fail the running test at the caller's line when they cannot
 * do what they promise. The failure says which side they spoke to, what they attempted and what
 * they found. A QEMU that has died ends every wait at once, with its exit status and the end of its
 * stderr. Times are in milliseconds. Call these functions on the test's own thread only.
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
/* A reply or an event. It lives as long as its VM: until the pair ends, or until mt_new_destination
 * replaces the VM. The test does not free it. */
struct mt_reply;

/*
 * Runs a QMP command and returns what QEMU returned.
 *
 * `json_format` is the arguments object as JSON text. Strings may stand in single quotes, and each
 * printf conversion is one whole JSON value, escaped as needed:
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

/* Runs a command that QEMU must refuse, and returns the error object, whose text is at "desc". */
#define mt_qmp_error(vm, ...) mt_qmp_error_at(MT_HERE, vm, __VA_ARGS__)
MT_API struct mt_reply *mt_qmp_error_at(const char *file, int line, struct mt_vm *vm,
                                        const char *command, const char *json_format, ...)
    __attribute__((format(printf, 5, 6)));

/*
 * Runs a command that QEMU may refuse. Returns 0 and the returned value, 1 and the error object, or
 * -1 and NULL when there was no answer.
 */
MT_API int mt_qmp_try(struct mt_vm *vm, struct mt_reply **ret_reply, const char *command,
                      const char *json_format, ...) __attribute__((format(printf, 4, 5)));

/*
 * Return a value in a reply by its dotted path: "ram.remaining", "0.limit-rate". They fail the test
 * when there is no such value, or when the value has another type; mt_reply_int_or returns the
 * fallback then.
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
/* Returns the number of elements of the array, or of members of the object, at `path`. "" is the
 * reply itself. */
#define mt_reply_count(reply, path) mt_reply_count_at(MT_HERE, reply, path)
MT_API int64_t mt_reply_count_at(const char *file, int line, const struct mt_reply *reply,
                                 const char *path);

/* Sets a migration parameter on one side and reads it back, now and on each further VM of that
 * side. (QEMU 2.8) */
#define mt_set_parameter(vm, name, value) mt_set_parameter_at(MT_HERE, vm, name, value)
#define mt_set_parameter_string(vm, name, value)                                                   \
    mt_set_parameter_string_at(MT_HERE, vm, name, value)
MT_API void mt_set_parameter_at(const char *file, int line, struct mt_vm *vm, const char *name,
                                int64_t value);
MT_API void mt_set_parameter_string_at(const char *file, int line, struct mt_vm *vm,
                                       const char *name, const char *value);

/*
 * Waits for the next event of that name that no call has returned yet, and returns the event. An
 * event that came before the call counts, and so does one that migtest itself has waited for, as in
 * mt_migrate_finish. No event is lost.
 */
#define mt_wait_event(vm, event, timeout_ms) mt_wait_event_at(MT_HERE, vm, event, timeout_ms)
MT_API struct mt_reply *mt_wait_event_at(const char *file, int line, struct mt_vm *vm,
                                         const char *event, int64_t timeout_ms);

/*
 * Repeats a command without arguments, every 10 ms, until QEMU returns that string at that path,
 * and returns that reply. This is for the few things of which QEMU sends no event.
 */
#define mt_wait_reply(vm, command, path, value, timeout_ms)                                        \
    mt_wait_reply_at(MT_HERE, vm, command, path, value, timeout_ms)
MT_API struct mt_reply *mt_wait_reply_at(const char *file, int line, struct mt_vm *vm,
                                         const char *command, const char *path, const char *value,
                                         int64_t timeout_ms);

/* Waits until QEMU ends by itself, with that exit status and not by a signal. The wait takes at
 * most 30 s. */
#define mt_wait_exit(vm, status) mt_wait_exit_at(MT_HERE, vm, status)
MT_API void mt_wait_exit_at(const char *file, int line, struct mt_vm *vm, int status);

/*
 * What the guest writes to, pass after pass. An absent member means all of its pages (25,344 of
 * 4 KiB, from 1 MiB on), as fast as it can. A guest that was told nothing writes to all pages as
 * well, but under TCG it rests for 15 to 50 ms after each pass, unless the test waits for the next
 * one. There a pass of the guest takes some 8 ms, and a pass of a migration some 70 ms.
 */
struct mt_dirtying {
    size_t size;
    unsigned pages_per_second; /* at most 150,000; on a busy host fewer, never more */
    unsigned stride;           /* of each `stride` pages of the working set, the first */
    unsigned working_set;      /* how many pages, from the first on */
    uint8_t reserved[4];       /* 0 */
};

#define MT_DIRTYING(...) MT_LOCAL_OBJECT(mt_dirtying, __VA_ARGS__)

/*
 * Lets the running guest dirty these pages from now on, until it is suspended. A pass of the guest
 * then is a pass over these pages, also for the functions that wait for passes, and must not take
 * more than 5 s. The other pages keep what they hold, and are checked together with these.
 */
#define mt_set_dirtying(vm, dirtying) mt_set_dirtying_at(MT_HERE, vm, dirtying)
MT_API void mt_set_dirtying_at(const char *file, int line, struct mt_vm *vm,
                               const struct mt_dirtying *dirtying);

/* Waits until the guest ends a pass, which it may have begun before the call. So after two calls,
 * the guest has written to all of its pages. */
#define mt_wait_guest_pass(vm) mt_wait_guest_pass_at(MT_HERE, vm)
MT_API void mt_wait_guest_pass_at(const char *file, int line, struct mt_vm *vm);

/* Returns how many times the guest has written to all of its pages so far, as it has reported over
 * its serial line. */
#define mt_guest_passes(vm) mt_guest_passes_at(MT_HERE, vm)
MT_API int64_t mt_guest_passes_at(const char *file, int line, struct mt_vm *vm);

/*
 * Lets the running guest check every word of its memory, and that the registers of its CPU and of
 * the board have kept what it wrote there. Fails with the address or the register that is wrong.
 */
#define mt_check_guest(vm) mt_check_guest_at(MT_HERE, vm)
MT_API void mt_check_guest_at(const char *file, int line, struct mt_vm *vm);

/*
 * Lets the running guest read its registers and those of its devices again, as what it compares
 * them with later: for a test that has changed the guest's hardware, such as by device_add. Call it
 * when QEMU has finished the change, and before the guest is checked or migrated. After a reset the
 * call is not needed, as the guest starts from the beginning.
 */
#define mt_note_guest(vm) mt_note_guest_at(MT_HERE, vm)
MT_API void mt_note_guest_at(const char *file, int line, struct mt_vm *vm);

/*
 * Lets the guest give signs of life (beats) from now on, until it is suspended, and waits for the
 * first. The guest beats after each 2,048 pages of a pass, so never where mt_set_dirtying leaves
 * fewer, and does not rest between passes. mt_migrate_judge_downtime needs the beats.
 */
#define mt_beat_guest(vm) mt_beat_guest_at(MT_HERE, vm)
MT_API void mt_beat_guest_at(const char *file, int line, struct mt_vm *vm);

/* Returns the number of beats so far. A pass over all of the guest's pages has a dozen. */
#define mt_guest_beats(vm) mt_guest_beats_at(MT_HERE, vm)
MT_API int64_t mt_guest_beats_at(const char *file, int line, struct mt_vm *vm);

/*
 * Return how long the thread of the guest's first CPU has had a core of this host so far, and how
 * long the thread has waited for a core, in nanoseconds, as the scheduler counts. The rest of the
 * time the thread slept, by itself or because QEMU throttled it.
 */
#define mt_guest_ran_ns(vm) mt_guest_ran_ns_at(MT_HERE, vm)
MT_API int64_t mt_guest_ran_ns_at(const char *file, int line, struct mt_vm *vm);
#define mt_guest_waited_ns(vm) mt_guest_waited_ns_at(MT_HERE, vm)
MT_API int64_t mt_guest_waited_ns_at(const char *file, int line, struct mt_vm *vm);

/* Lets the guest suspend itself (ACPI S3), and waits for the event SUSPEND. (QEMU 1.1) */
#define mt_suspend_guest(vm) mt_suspend_guest_at(MT_HERE, vm)
MT_API void mt_suspend_guest_at(const char *file, int line, struct mt_vm *vm);

/*
 * Wakes a suspended guest, and waits until the guest has made a pass, which compares one word of
 * each page; mt_check_guest compares all words. Fails when the guest is not suspended. (QEMU 4.0,
 * which reports that)
 */
#define mt_wake_guest(vm) mt_wake_guest_at(MT_HERE, vm)
MT_API void mt_wake_guest_at(const char *file, int line, struct mt_vm *vm);

/* Returns the process ID, for what only /proc shows. */
MT_API pid_t mt_pid(const struct mt_vm *vm);

/* Ends QEMU by `quit`. Its exit status must be 0. */
#define mt_quit(vm) mt_quit_at(MT_HERE, vm)
MT_API void mt_quit_at(const char *file, int line, struct mt_vm *vm);

MT_END_C

#endif
