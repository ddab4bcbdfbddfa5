/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A network of a process's own, in which there is a loopback device and nothing else. 127.0.0.1 of
 * the host is open to all of its users, who could disturb a migration there, or send another
 * stream; nobody else is on this one, and all of its ports are free.
 */
#ifndef MT_BASE_NETWORK_H
#define MT_BASE_NETWORK_H

#include "base/error.h"

/*
 * Gives this process, which has no other threads, and all that it will start a network of their
 * own. Nobody but root can do so without a user namespace, in which the process keeps its user, its
 * group and its rights to files, and all other users are called nobody. Where it fails, with the
 * kernel's reason, nothing has changed.
 */
int mt_network_isolate(struct mt_error *error);

/* Whether that can be done here, with the reason where not. */
int mt_network_try(struct mt_error *error);

#endif
