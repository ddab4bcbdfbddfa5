/* SPDX-License-Identifier: Apache-2.0 */
/* One QEMU with its monitor, its serial line and its process; everything returns errors. */
#ifndef MT_VM_VM_H
#define MT_VM_VM_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "lib/guest/serial.h"
#include "lib/monitor/qmp.h"
#include "lib/process/core.h"
#include "lib/process/image.h"
#include "lib/process/process.h"
#include "lib/vm/command_line.h"
#include "lib/vm/observer.h"
#include "lib/vm/restarts.h"
#include "lib/vm/starvation.h"
#include "lib/vm/wait.h"

#include <migtest/vm.h>

/* How long one QMP command may take: query-migrate on a destination that loads at full speed is
 * slow. */
#define MT_QMP_TIMEOUT_MS 30000

/* How long any single step of a test may take, where nothing shorter is said. */
#define MT_STEP_TIMEOUT_MS 40000

struct mt_vm {
    const char *side;
    struct mt_process process;
    struct mt_qmp qmp;
    struct mt_serial serial;
    struct mt_strings command;
    char *output_path;
    char *backtrace_path; /* NULL: none is wanted */
    struct mt_core core;
    char *executable; /* what its process really runs, once it has greeted */
    const struct mt_observer *observer;
    double patience; /* what every wait's limit is multiplied by; 0: 1 */
    const char *binary;
    const struct mt_qemu_config *qemu;
    const char *scratch;
    json_t *version;          /* the greeting's */
    struct mt_image image;    /* what it really runs, once it has greeted; empty: unknown */
    json_t *kept;             /* replies that the test may still look at */
    uint64_t hurried;         /* passes, until which its guest was told not to rest */
    bool guest_never_rests;   /* as it beats, or was told what to dirty */
    uint64_t guest_starts;    /* of which the two above know */
    unsigned questions;       /* that its guest was asked */
    struct mt_vm *guest_from; /* where its guest may have come from; NULL: it starts here */
    struct mt_resets resets;
    bool expected_to_end; /* the test judges how, if anybody does */
    const char *accel_in_use;
    int64_t signalled_ms; /* when it was seen to have been sent a signal to end by; 0: it was not */
    struct mt_starvation starvation;
};

struct mt_vm_start {
    const char *side;
    const char *scratch;
    const char *recordings; /* a folder, made where it is not there; NULL: nothing is recorded */
    const struct mt_observer *observer;
    double patience;
    struct mt_command_line line;
};

/* Starts the process; whether it lives shows when it greets. */
int mt_vm_start(struct mt_vm **ret_vm, const struct mt_vm_start *start, struct mt_error *error);

/*
 * Waits for the greeting, negotiates, and finds out what really runs, and by which accelerator.
 * Fails where that is another QEMU than the one that was expected.
 */
int mt_vm_greet(struct mt_vm *vm, struct mt_error *error);

/* Whether both run the same build of QEMU, by the version that they greeted with, and by the build
 * id. */
bool mt_vm_same_version(const struct mt_vm *vm, const struct mt_vm *other);

/* "10.0.2 (Debian 1:10.0.2+ds-1)" of a greeting's version. The caller frees it. */
char *mt_vm_version_text(const json_t *version);

/* Kills it if it still runs, and forgets it. NULL is fine. */
void mt_vm_destroy(struct mt_vm *vm);

/* As mt_vm_start, with a command line made by somebody else (a probe). */
int mt_vm_start_command(struct mt_vm **ret_vm, const struct mt_vm_start *start,
                        const struct mt_strings *command, struct mt_error *error);

/*
 * Runs a command; `arguments` (may be NULL) is taken over. Refusal by QEMU is an error; the value
 * is kept by the VM until it ends.
 */
int mt_vm_qmp(struct mt_vm *vm, json_t **ret_value, struct mt_error *error, const char *command,
              json_t *arguments);

/* The same with JSON text, see mt_json_format. */
int mt_vm_qmp_format(struct mt_vm *vm, json_t **ret_value, struct mt_error *error,
                     const char *command, const char *format, ...)
    __attribute__((format(printf, 5, 6)));

/* The whole reply, be it a value or an error; `pass_fd` goes along when it is not -1. */
int mt_vm_ask(struct mt_vm *vm, json_t **ret_reply, struct mt_error *error, const char *command,
              json_t *arguments, int pass_fd);

/* Gives it a descriptor under a name (getfd); ours stays open. */
int mt_vm_give_fd(struct mt_vm *vm, int fd, const char *name, struct mt_error *error);

/* A line of the human monitor; the text lives as long as the VM. */
int mt_vm_hmp(struct mt_vm *vm, const char **ret_text, const char *line, struct mt_error *error);

/*
 * Until there is one of that name among its events, at `from` or later; it is left to whoever waits
 * for it by the next one.
 */
int mt_vm_see_event(struct mt_vm *vm, const char *event, size_t from, int64_t timeout_ms,
                    struct mt_error *error);

/* Takes the first that was not taken yet. */
int mt_vm_wait_event(struct mt_vm *vm, json_t **ret_event, const char *event, int64_t timeout_ms,
                     struct mt_error *error);

/* Repeats a command without arguments until it returns that string at that path. */
int mt_vm_wait_reply(struct mt_vm *vm, json_t **ret_value, const char *command, const char *path,
                     const char *expected, int64_t timeout_ms, struct mt_error *error);

/* Reads what the guest has said; returns whether there was anything. */
bool mt_vm_receive_guest(struct mt_vm *vm);

/* Fails when the guest has complained, or rebooted by itself. */
int mt_vm_guest_complaint(struct mt_vm *vm, struct mt_error *error);

/* Before a migration: the guest of that VM, which must live as long, may come to this one. */
void mt_vm_guest_may_come(struct mt_vm *vm, struct mt_vm *from);

/* It has, and goes on as it was told there. */
void mt_vm_guest_has_come(struct mt_vm *vm);

/* Waits until the guest has said that word, a byte or the kind of a line, `times` more times than
 * at the moment of the call. */
int mt_vm_wait_guest(struct mt_vm *vm, unsigned char word, unsigned times, const char *what,
                     struct mt_error *error);

/*
 * Lets it make so many passes from now on without a rest before: for who waits for them. Returns
 * false where it has not made yet all that it was told of before.
 */
bool mt_vm_hurry_guest(struct mt_vm *vm, unsigned passes);

/*
 * Who hurries a guest waits for this in the end, or for an answer to what was asked next: a source
 * whose serial port is given a byte after its device state was sent differs from the destination.
 * One that is stopped takes nothing.
 */
int mt_vm_wait_taken(struct mt_vm *vm, struct mt_error *error);

/* Waits for so many passes from now on, in a hurry. */
int mt_vm_wait_passes(struct mt_vm *vm, unsigned passes, const char *what, struct mt_error *error);

/*
 * Lets the guest check its memory and its registers, or the registers alone, which is quick. What
 * of CPUID is not as it was at the guest's start is no failure yet: its serial line keeps that.
 */
int mt_vm_check_guest(struct mt_vm *vm, struct mt_error *error);
int mt_vm_compare_registers(struct mt_vm *vm, struct mt_error *error);

/* Lets the guest take the notes again that it compares its registers with. */
int mt_vm_note_guest(struct mt_vm *vm, struct mt_error *error);

/* Lets the guest tell CPUID as it was at its start: its serial line keeps that. */
int mt_vm_identify_guest(struct mt_vm *vm, struct mt_error *error);

/*
 * Sees it make two passes, as the first may have begun before, and look by one of these functions
 * after one or both.
 */
int mt_vm_see_guest_run(struct mt_vm *vm, int (*look)(struct mt_vm *, struct mt_error *),
                        struct mt_error *error);

/* Lets the guest beat from now on, as contract.h has it; its serial line keeps when. */
int mt_vm_beat_guest(struct mt_vm *vm, struct mt_error *error);

/* How long its first CPU has had a core of this host, and has waited for one. */
int mt_vm_processor_time(struct mt_vm *vm, int64_t *ret_ran_ns, int64_t *ret_waited_ns,
                         struct mt_error *error);

/* What it dirties from now on; `dirtying` has all members that this library knows. */
int mt_vm_set_dirtying(struct mt_vm *vm, const struct mt_dirtying *dirtying,
                       struct mt_error *error);
int mt_vm_suspend_guest(struct mt_vm *vm, struct mt_error *error);
int mt_vm_wake_guest(struct mt_vm *vm, struct mt_error *error);

/* "running", "paused", ... */
int mt_vm_status(struct mt_vm *vm, const char **ret_status, struct mt_error *error);
int mt_vm_expect_status(struct mt_vm *vm, const char *expected, struct mt_error *error);

int mt_vm_wait_exit(struct mt_vm *vm, int status, struct mt_error *error);
/* Tells it to quit. It may be gone before its answer is read: its exit status is what to judge. */
int mt_vm_tell_quit(struct mt_vm *vm, struct mt_error *error);
int mt_vm_quit(struct mt_vm *vm, struct mt_error *error);

/* Before it starts: what is to be had of a crash. Returns whether it is to leave a core. */
bool mt_vm_expect_crash(struct mt_vm *vm);
void mt_vm_note_executable(struct mt_vm *vm);
/* After its end: if it was a crash, and a backtrace of that is wanted, writes it. */
void mt_vm_explain_crash(const struct mt_vm *vm);

/* Fails with how it ended and the end of what it wrote. */
int mt_vm_fail_ended(const struct mt_vm *vm, struct mt_error *error);

/* Whether somebody sent it a signal to end by, as a test that does so says first. */
bool mt_vm_was_stopped(struct mt_vm *vm);

/*
 * Fails where somebody sent it a signal to end by, and it has not ended a few seconds later: then
 * it hangs, and is killed.
 */
int mt_vm_check_shutdown(struct mt_vm *vm, struct mt_error *error);

/* Where it could not be written to; how it ended says more than that. */
int mt_vm_fail_unsent(struct mt_vm *vm, struct mt_error *error);

/* Fails when its monitor is closed and its process lives on; 0 where it is open or about to end. */
int mt_vm_check_monitor(struct mt_vm *vm, struct mt_error *error);

#endif
