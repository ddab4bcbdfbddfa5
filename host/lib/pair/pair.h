/* SPDX-License-Identifier: Apache-2.0 */
/* The pair as the library itself sees it: all functions return errors, and none fails a test. */
#ifndef MT_PAIR_PAIR_H
#define MT_PAIR_PAIR_H

#include <jansson.h>
#include <stdbool.h>

#include "base/error.h"
#include "base/text.h"
#include "lib/pair/settings.h"
#include "lib/vm/observer.h"
#include "lib/vm/vm.h"
#include "lib/wire/relay.h"

#include <migtest/abi.h>
#include <migtest/machine.h>

/* What the worker was told. It outlives the pair. */
struct mt_pair_config {
    struct mt_qemu_config source;
    struct mt_qemu_config destination;
    struct mt_machine_config machine;
    const char *scratch;
    const char *recordings; /* see struct mt_vm_start */
    const struct mt_observer *observer;
    const json_t *options;                 /* the plugin's options, checked and complete */
    const struct mt_machine *test_machine; /* what the test asks for; NULL: nothing special */
    const json_t *not_kept;                /* the manifest's, see lib/verify/not_kept.h */
    const json_t *reset;                   /* see lib/state/reset.h; NULL: not known */
    const json_t *figures;        /* of the source, see lib/verify/figures.h; NULL: not known */
    const json_t *unusable_views; /* see lib/probe/view_trial.h; NULL: not known */
    const char *const *blind;     /* oracles that may fail to look */
    double patience;              /* what every wait's limit is multiplied by; 0: 1 */
    bool hold;                    /* destinations wait to be looked at before they run */
};

struct mt_migration_run;
struct mt_verification; /* see lib/verify/verification.h */

enum mt_side_index { MT_SOURCE, MT_DESTINATION, MT_SIDES };

/* One end of the pair's migrations. */
struct mt_side {
    struct mt_vm *vm; /* NULL: not started */
    struct mt_side_settings settings;
};

enum mt_pair_state {
    MT_PAIR_NEW,      /* nothing was started */
    MT_PAIR_STARTING, /* or the start has failed */
    MT_PAIR_READY,    /* the QEMUs have greeted, and the source's guest runs */
    MT_PAIR_ENDED,    /* in order, with the test */
};

/* The wire of migrations that go through migtest. */
struct mt_pair_wire {
    struct mt_relay *relay; /* NULL: no test has asked for it */
    unsigned paths;         /* how many paths the relay has listened at; it gives each a number */
};

/* What belongs to the test; released with the pair. */
struct mt_test_data {
    void *data;
    void (*destroy)(void *data);
    int *fds;
    size_t fd_count;
    int64_t watched_us; /* since when the test watches for starvation; 0: it does not */
};

struct mt_pair {
    const struct mt_pair_config *config;
    enum mt_pair_state state;
    struct mt_side sides[MT_SIDES];
    struct mt_strings args;       /* more arguments for both QEMUs */
    unsigned destinations;        /* how many were started */
    struct mt_migration_run *run; /* the latest migration; NULL: none yet */
    struct mt_pair_wire wire;
    struct mt_test_data test;
    struct mt_verification *verification; /* NULL: nothing was verified yet */
    void (*destroy_verification)(struct mt_verification *verification);
};

MT_API struct mt_pair *mt_pair_new(const struct mt_pair_config *config);

/* Kills what still runs, and frees everything. */
MT_API void mt_pair_destroy(struct mt_pair *pair);

/* Adds arguments for both QEMUs, which must not have been started yet. */
int mt_pair_add_args(struct mt_pair *pair, const char *const *args, struct mt_error *error);

/* Starts both QEMUs, or the source only where the test asks for that, unless they run already. */
int mt_pair_start(struct mt_pair *pair, struct mt_error *error);

/* Starts another destination in place of one that has ended. The old one stays where the new one
 * does not start. */
int mt_pair_new_destination(struct mt_pair *pair, struct mt_error *error);

/*
 * Starts one more QEMU of the same machine, with plain memory, which waits for a migration and is
 * held. The caller lets it greet, and destroys it. `side` is its name in messages and of its files.
 */
int mt_pair_start_another(struct mt_pair *pair, const char *side, const struct mt_qemu_config *qemu,
                          struct mt_vm **ret_vm, struct mt_error *error);

/* Starts one more QEMU as well, but one that starts the guest itself, as nothing is migrated to it.
 * Its name is "control". */
int mt_pair_start_control(struct mt_pair *pair, const struct mt_qemu_config *qemu,
                          struct mt_vm **ret_vm, struct mt_error *error);

/* Writes a fact into the result. */
void mt_pair_note(const struct mt_pair *pair, const char *key, const char *value);

/* The relay of this pair, made at the first call. */
struct mt_relay *mt_pair_relay(struct mt_pair *pair);

/*
 * Sets a capability or parameter of one side for the test, now and in each further QEMU of that
 * side. Takes over `value`.
 */
int mt_side_set(struct mt_side *side, enum mt_setting_kind kind, const char *name, json_t *value,
                struct mt_error *error);

/* Applies the side's settings to its QEMU. A side that was not started gets them when it starts. */
int mt_side_apply(struct mt_side *side, struct mt_error *error);

/* The side whose QEMU somebody has sent a signal to end by; NULL: none. */
MT_API const char *mt_pair_stopped_side(struct mt_pair *pair);

#endif
