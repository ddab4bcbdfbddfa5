/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Source and destination of one test. The pair is there before the test and outlives it: all that
 * is open belongs to it, so that a test owns nothing between two calls and may fail at any of
 * them. Both QEMUs start at once, at the first call that needs one.
 */
#ifndef MIGTEST_PAIR_H
#define MIGTEST_PAIR_H

#include <stdbool.h>
#include <stdint.h>

#include <migtest/abi.h>
#include <migtest/vm.h>

MT_BEGIN_C

struct mt_pair;

/* One side, started and with its guest at work (the source) or ready for a migration. */
#define mt_source(pair) mt_source_at(MT_HERE, pair)
#define mt_destination(pair) mt_destination_at(MT_HERE, pair)
MT_API struct mt_vm *mt_source_at(const char *file, int line, struct mt_pair *pair);
MT_API struct mt_vm *mt_destination_at(const char *file, int line, struct mt_pair *pair);

/*
 * Gives both QEMUs these arguments too: what an option of the plugin says, where .machine is for
 * what is always the same. Fails when they run already.
 *
 *     mt_add_args(pair, "-device", mt_option_string(pair, "device"));
 */
#define mt_add_args(pair, ...) mt_add_args_at(MT_HERE, pair, MT_ARGUMENTS(__VA_ARGS__))
MT_API void mt_add_args_at(const char *file, int line, struct mt_pair *pair,
                           const char *const *args);

/*
 * Starts another destination in place of the one that ended with a cancelled or failed migration.
 * Capabilities that were set for both sides, and the channels of a migration, are set on it too;
 * what mt_set_parameter set on the one before is not. That one is gone: its struct mt_vm, its
 * replies and its events with it. Where the new one does not start, the one before stays.
 */
#define mt_new_destination(pair) mt_new_destination_at(MT_HERE, pair)
MT_API struct mt_vm *mt_new_destination_at(const char *file, int line, struct mt_pair *pair);

/* Sets a migration capability on both sides and reads it back. (QEMU 1.2) */
#define mt_set_capability(pair, name, on) mt_set_capability_at(MT_HERE, pair, name, on)
MT_API void mt_set_capability_at(const char *file, int line, struct mt_pair *pair, const char *name,
                                 bool on);

/* The same on the source alone. */
#define mt_set_source_capability(pair, name, on)                                                   \
    mt_set_source_capability_at(MT_HERE, pair, name, on)
MT_API void mt_set_source_capability_at(const char *file, int line, struct mt_pair *pair,
                                        const char *name, bool on);

/*
 * Lets a difference in one field of the device state pass in this test, or one subsection that only
 * one side has, as QEMU is known not to keep it: for what a plugin's own devices are known for.
 * Section and field are named as a failure
 * names them ("0000:00:04.0/e1000e", "mac_reg[3]"), without wildcards; of a section what stands
 * behind its last slash will do. What a failure adds to tell instances of a section ("pic#1") and
 * bytes of a buffer ("cmos_data[64]") apart is left out: all of them are meant. The result names
 * each one met.
 */
MT_API void mt_add_not_kept(struct mt_pair *pair, const char *section, const char *field,
                            const char *reason);

/* A plugin's own data, released with the pair; and back. */
MT_API void mt_pair_set_data(struct mt_pair *pair, void *data, void (*destroy)(void *data));
MT_API void *mt_pair_data(const struct mt_pair *pair);

/* Makes a descriptor the pair's, which closes it when it ends unless it was given away; returns it.
 */
MT_API int mt_own_fd(struct mt_pair *pair, int fd);

/* Gives one side a descriptor under a name (getfd), for fd:NAME. It is closed here, whatever
 * happens. */
#define mt_give_fd(pair, vm, fd, name) mt_give_fd_at(MT_HERE, pair, vm, fd, name)
MT_API void mt_give_fd_at(const char *file, int line, struct mt_pair *pair, struct mt_vm *vm,
                          int fd, const char *name);

/* The folder of this test, which goes with the pair. Its path is short enough for UNIX sockets. */
MT_API const char *mt_scratch(const struct mt_pair *pair);

/* What the manifest says of the plugin's own options (else their defaults). */
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
 * Ends the test, or its set-up, as skipped: something turned out to be missing that needs cannot
 * say. A tear-down that does so has failed.
 */
#define mt_skip(pair, ...) mt_skip_at(MT_HERE, pair, __VA_ARGS__)
MT_API MT_NORETURN void mt_skip_at(const char *file, int line, struct mt_pair *pair,
                                   const char *why, ...) __attribute__((format(printf, 4, 5)));

/* Fails the test with a sentence of its own. */
#define mt_fail_test(pair, ...) mt_fail_test_at(MT_HERE, pair, __VA_ARGS__)
MT_API MT_NORETURN void mt_fail_test_at(const char *file, int line, struct mt_pair *pair,
                                        const char *what, ...)
    __attribute__((format(printf, 4, 5)));

/*
 * A test that is right only if the guest, a thread of QEMU's or the test itself gets a processor in
 * time: what it finds on a host that gave them none says nothing about QEMU.
 *
 * mt_watch_starvation begins to watch (again); both QEMUs must have been started. mt_starved_ms
 * then tells the longest that one of their threads, or the test, waited for a processor at a
 * stretch since, by the scheduler's own figures, or was stolen by a hypervisor: at least so long,
 * in milliseconds. So a test sees whether a phase has to be gone through again.
 */
#define mt_watch_starvation(pair) mt_watch_starvation_at(MT_HERE, pair)
#define mt_starved_ms(pair) mt_starved_ms_at(MT_HERE, pair)
MT_API void mt_watch_starvation_at(const char *file, int line, struct mt_pair *pair);
MT_API int64_t mt_starved_ms_at(const char *file, int line, struct mt_pair *pair);

/*
 * Fails the test with a sentence of its own, unless mt_starved_ms is `least_ms` or more: that is
 * what it takes to explain what was found without any fault of QEMU's. Then the test is not
 * decided: it starts over with a new pair, and that is noted in its result. One that cannot be
 * decided in four tries is skipped, with the reason `undecided`. There is no way to say so of a
 * test that was served well.
 */
#define mt_fail_unless_starved(pair, least_ms, ...)                                                \
    mt_fail_unless_starved_at(MT_HERE, pair, least_ms, __VA_ARGS__)
MT_API MT_NORETURN void mt_fail_unless_starved_at(const char *file, int line, struct mt_pair *pair,
                                                  int64_t least_ms, const char *what, ...)
    __attribute__((format(printf, 5, 6)));

/* Writes a figure or a fact into the result. */
MT_API void mt_note(struct mt_pair *pair, const char *key, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

MT_END_C

#endif
