/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Source and destination of one test. The pair exists before the test and outlives the test. All
 * that is open belongs to the pair, so that a test owns nothing between two calls and may fail at
 * any of them. Both QEMUs start together, at the first call that needs one.
 *
 * Functions with a place (MT_HERE) fail the test where they cannot do what they promise.
 */
#ifndef MIGTEST_PAIR_H
#define MIGTEST_PAIR_H

#include <stdbool.h>
#include <stdint.h>

#include <migtest/abi.h>
#include <migtest/vm.h>

MT_BEGIN_C

struct mt_pair;

/* Return one side. The source is started and its guest runs; the destination is started and ready
 * for a migration. mt_destination fails where the test has `.source_only`. */
#define mt_source(pair) mt_source_at(MT_HERE, pair)
#define mt_destination(pair) mt_destination_at(MT_HERE, pair)
MT_API struct mt_vm *mt_source_at(const char *file, int line, struct mt_pair *pair);
MT_API struct mt_vm *mt_destination_at(const char *file, int line, struct mt_pair *pair);

/*
 * Adds these arguments to the command lines of both QEMUs: for arguments that depend on an option
 * of the plugin. Arguments that are always the same belong into .machine. Fails when the QEMUs run.
 *
 *     mt_add_args(pair, "-device", mt_option_string(pair, "device"));
 */
#define mt_add_args(pair, ...) mt_add_args_at(MT_HERE, pair, MT_ARGUMENTS(__VA_ARGS__))
MT_API void mt_add_args_at(const char *file, int line, struct mt_pair *pair,
                           const char *const *args);

/*
 * Starts another destination in place of the one that ended with a cancelled or failed migration,
 * and returns the new one. The capabilities and parameters of the old destination are set on the
 * new one, whether the test or the latest migration has set them; what the test set by mt_qmp is
 * not. The old struct mt_vm is gone, with its replies and events. Where the new destination does
 * not start, the old one stays.
 */
#define mt_new_destination(pair) mt_new_destination_at(MT_HERE, pair)
MT_API struct mt_vm *mt_new_destination_at(const char *file, int line, struct mt_pair *pair);

/* Sets a migration capability on both sides and reads it back, now and on each new destination.
 * (QEMU 1.2) */
#define mt_set_capability(pair, name, on) mt_set_capability_at(MT_HERE, pair, name, on)
MT_API void mt_set_capability_at(const char *file, int line, struct mt_pair *pair, const char *name,
                                 bool on);

/* Does the same on the source only. */
#define mt_set_source_capability(pair, name, on)                                                   \
    mt_set_source_capability_at(MT_HERE, pair, name, on)
MT_API void mt_set_source_capability_at(const char *file, int line, struct mt_pair *pair,
                                        const char *name, bool on);

/*
 * Accepts a difference in one field of the device state in this test, or a subsection that only one
 * side has, because QEMU is known not to keep it. This is for a plugin's own devices; for others
 * the manifest has `not_kept`. Section and field are written as a failure names them
 * ("0000:00:04.0/e1000e", "mac_reg[3]"), without wildcards. Of a section, the part after its last
 * slash is enough. Leave out what a failure adds to distinguish instances of a section ("pic#1")
 * and bytes of a buffer ("cmos_data[64]"): all of them are meant. The result names each accepted
 * difference.
 */
MT_API void mt_add_not_kept(struct mt_pair *pair, const char *section, const char *field,
                            const char *reason);

/* Keep data of the plugin with the pair, and return them. `destroy` (may be NULL) is called with
 * the data when the pair ends. */
MT_API void mt_pair_set_data(struct mt_pair *pair, void *data, void (*destroy)(void *data));
MT_API void *mt_pair_data(const struct mt_pair *pair);

/* Makes the pair the owner of a descriptor, and returns the descriptor. The pair closes it at its
 * end, unless mt_give_fd did before. */
MT_API int mt_own_fd(struct mt_pair *pair, int fd);

/* Gives one side a descriptor under a name (getfd), for MT_FD and MT_FD_FILE. The descriptor is
 * closed in the test's process, also on failure. */
#define mt_give_fd(pair, vm, fd, name) mt_give_fd_at(MT_HERE, pair, vm, fd, name)
MT_API void mt_give_fd_at(const char *file, int line, struct mt_pair *pair, struct mt_vm *vm,
                          int fd, const char *name);

/* Returns the path of the folder of this test, which is removed with the pair. The path is short
 * enough for UNIX sockets. */
MT_API const char *mt_scratch(const struct mt_pair *pair);

/* Return the value of one of the plugin's options: the manifest's, or else the default. Fail where
 * the plugin declares no such option. */
#define mt_option_int(pair, name) mt_option_int_at(MT_HERE, pair, name)
#define mt_option_bool(pair, name) mt_option_bool_at(MT_HERE, pair, name)
#define mt_option_string(pair, name) mt_option_string_at(MT_HERE, pair, name)
MT_API int64_t mt_option_int_at(const char *file, int line, const struct mt_pair *pair,
                                const char *name);
MT_API bool mt_option_bool_at(const char *file, int line, const struct mt_pair *pair,
                              const char *name);
MT_API const char *mt_option_string_at(const char *file, int line, const struct mt_pair *pair,
                                       const char *name);

/*
 * Ends the test, or its set-up, as skipped, with that reason: something is missing that struct
 * mt_needs cannot name. A tear-down that skips has failed.
 */
#define mt_skip(pair, ...) mt_skip_at(MT_HERE, pair, __VA_ARGS__)
MT_API MT_NORETURN void mt_skip_at(const char *file, int line, struct mt_pair *pair,
                                   const char *why, ...) __attribute__((format(printf, 4, 5)));

/* Fails the test with that sentence. */
#define mt_fail_test(pair, ...) mt_fail_test_at(MT_HERE, pair, __VA_ARGS__)
MT_API MT_NORETURN void mt_fail_test_at(const char *file, int line, struct mt_pair *pair,
                                        const char *what, ...)
    __attribute__((format(printf, 4, 5)));

/*
 * For a test that depends on the guest, a thread of QEMU or the test itself getting a processor in
 * time. On a host that gave them none, what such a test finds says nothing about QEMU.
 *
 * mt_watch_starvation starts to watch, or starts again; both QEMUs must have been started.
 * mt_starved_ms then returns the longest time without a break, in milliseconds, that a thread of
 * either QEMU, or the test, has waited for a processor since, or that a hypervisor has taken away.
 * This comes from the scheduler's own figures, and is a lower limit. A test uses it to find out
 * whether it has to repeat a phase.
 */
#define mt_watch_starvation(pair) mt_watch_starvation_at(MT_HERE, pair)
#define mt_starved_ms(pair) mt_starved_ms_at(MT_HERE, pair)
MT_API void mt_watch_starvation_at(const char *file, int line, struct mt_pair *pair);
MT_API int64_t mt_starved_ms_at(const char *file, int line, struct mt_pair *pair);

/*
 * Fails the test with that sentence, unless mt_starved_ms is `least_ms` milliseconds or more: a
 * lack of processors that explains what was found without a fault of QEMU. Then the test is not
 * decided. It starts again with a new pair, which the result notes. A test that is not decided in
 * four attempts is skipped, with the reason `undecided`. A test that had its processors cannot be
 * undecided.
 */
#define mt_fail_unless_starved(pair, least_ms, ...)                                                \
    mt_fail_unless_starved_at(MT_HERE, pair, least_ms, __VA_ARGS__)
MT_API MT_NORETURN void mt_fail_unless_starved_at(const char *file, int line, struct mt_pair *pair,
                                                  int64_t least_ms, const char *what, ...)
    __attribute__((format(printf, 5, 6)));

/* Writes a figure or a fact into the result, under that key. */
MT_API void mt_note(struct mt_pair *pair, const char *key, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

MT_END_C

#endif
