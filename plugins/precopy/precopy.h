/* SPDX-License-Identifier: Apache-2.0 */
/* The tests of this plugin that have a file of their own. */
#ifndef MT_PLUGINS_PRECOPY_H
#define MT_PLUGINS_PRECOPY_H

#include <migtest/migtest.h>

/*
 * The slot for a device that a test adds. No device has this slot of bus 0 on either kind of PC,
 * and libvirt and Proxmox do not use it. Without a slot, QEMU takes the lowest free one, even if
 * the command line gives that slot to a device in JSON.
 */
#define FREE_SLOT "0x18"

extern const struct mt_machine announce_machine;
void announce(void **state);
void auto_converge(void **state);
void auto_converge_maximum(void **state);
void bandwidth(void **state);
void dirty_rate(void **state);
void leaks(void **state);
void self_start(void **state);
void return_path_held(void **state);
extern const struct mt_machine shared_disk_machine;
void shared_disk(void **state);
void suspend_live(void **state);
void suspend_notlive(void **state);
void switchover(void **state);
void switchover_ack(void **state);
void switchover_ack_held(void **state);
void throttled_guest(void **state);
void working_set(void **state);

/* Where query-migrate shows how much the guest is throttled. */
extern const char throttle_percentage[];

/* A migration with auto-converge whose passes each last a little over a second. */
void start_throttled(struct mt_pair *pair, int initial, int increment, int maximum);

/*
 * Fails where nothing remains at the switchover. A running guest dirties something during a pass of
 * `pass_ms` milliseconds, unless it had no processor for half of that time: then the test is
 * undecided. mt_watch_starvation must have been called before.
 */
void see_guest_dirtied(struct mt_pair *pair, int64_t remaining, int64_t pass_ms);

/* Waits for the end of `passes` more passes of the migration. */
void wait_passes(struct mt_pair *pair, int64_t count);

#endif
