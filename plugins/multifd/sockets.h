/* SPDX-License-Identifier: Apache-2.0 */
/* What each of a process's TCP connections has carried, seen from outside. */
#ifndef MT_PLUGINS_MULTIFD_SOCKETS_H
#define MT_PLUGINS_MULTIFD_SOCKETS_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/*
 * Fills in how many bytes each established TCP connection of the process has sent that the peer
 * acknowledged, up to `room`; returns how many connections there are, or -1 and errno.
 */
int tcp_bytes_sent(pid_t pid, uint64_t *ret_bytes, size_t room);

#endif
