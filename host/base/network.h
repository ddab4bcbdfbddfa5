/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A private network for a process, with a loopback device and nothing else. 127.0.0.1 of the host
 * is open to all users of the host. They could disturb a migration there, or send another stream.
 * Nobody else is on the private network, and all its ports are free.
 */
#ifndef MT_BASE_NETWORK_H
#define MT_BASE_NETWORK_H

#include "base/error.h"

/*
 * Gives this process, and all processes that it will start, a private network. The process must
 * have only one thread. Users other than root get a user namespace, too: in it the process keeps
 * its user, its group and its rights to files, and all other users are called nobody. On failure,
 * with the kernel's reason, nothing has changed.
 */
int mt_network_isolate(struct mt_error *error);

/* Fails with the reason where mt_network_isolate would fail. */
int mt_network_try(struct mt_error *error);

#endif
