/* SPDX-License-Identifier: Apache-2.0 */
/* How much each TCP connection of another process has carried. */
#ifndef MT_PLUGINS_MULTIFD_SOCKETS_H
#define MT_PLUGINS_MULTIFD_SOCKETS_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/*
 * Gives the bytes that each established TCP connection of the process has sent and the peer has
 * acknowledged, for at most `room` connections. Returns the number of connections, or -1 and errno.
 */
int tcp_bytes_sent(pid_t pid, uint64_t *ret_bytes, size_t room);

#endif
