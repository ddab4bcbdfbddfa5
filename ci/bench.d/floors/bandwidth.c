/* SPDX-License-Identifier: Apache-2.0 */
/* How fast bytes go over the loopback device, and how fast memory is compared. */
#include <inttypes.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "floors.h"
#include "lib/verify/ram_memory.h"

enum {
    CHUNK = 1024 * 1024,
    CHUNKS = 2048,
    SIZE = 512 * 1024 * 1024,
};

static char chunk[CHUNK];

static int listen_here(struct sockaddr_in *ret_address, struct mt_error *error)
{
    socklen_t size = sizeof(*ret_address);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    *ret_address =
        (struct sockaddr_in){.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    if (fd < 0 || bind(fd, (struct sockaddr *)ret_address, size) < 0 || listen(fd, 1) < 0 ||
        getsockname(fd, (struct sockaddr *)ret_address, &size) < 0) {
        return mt_fail_errno(error, "cannot listen on 127.0.0.1");
    }
    return fd;
}

static _Noreturn void send_all(const struct sockaddr_in *address)
{
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    if (connect(fd, (const struct sockaddr *)address, sizeof(*address)) == 0) {
        for (int i = 0; i < CHUNKS && write(fd, chunk, sizeof(chunk)) > 0; i++) {
        }
    }
    _exit(0);
}

int floor_loopback(struct mt_error *error)
{
    struct sockaddr_in address;
    int64_t bytes = 0;
    ssize_t got;
    MT_AUTO_FD int fd = listen_here(&address, error);

    if (fd < 0) {
        return -1;
    }
    pid_t sender = fork();
    if (sender == 0) {
        send_all(&address);
    }
    MT_AUTO_FD int connection = accept(fd, NULL, NULL);
    int64_t begin_us = mt_now_us();
    while ((got = read(connection, chunk, sizeof(chunk))) > 0) {
        bytes += got;
    }
    int64_t took_us = mt_now_us() - begin_us;
    waitpid(sender, NULL, 0);
    printf("%" PRId64 "\n", bytes / took_us);
    return 0;
}

static char *map_memory(struct mt_error *error)
{
    char *memory = mmap(NULL, SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    if (memory == MAP_FAILED) {
        mt_fail_errno(error, "cannot map %d bytes", SIZE);
        return NULL;
    }
    /* As QEMU asks for its guest's RAM. */
    madvise(memory, SIZE, MADV_HUGEPAGE);
    return memory;
}

static void fill(char *memory)
{
    memset(memory, 0x5a, SIZE);
}

int floor_memcmp(struct mt_error *error)
{
    char *one = map_memory(error);
    char *other = one != NULL ? map_memory(error) : NULL;

    if (other == NULL) {
        return -1;
    }
    fill(one);
    fill(other);
    int64_t begin_us = mt_now_us();
    int difference = memcmp(one, other, SIZE);
    int64_t took_us = mt_now_us() - begin_us;
    if (difference != 0) {
        return mt_fail(error, "memory does not hold what was written to it");
    }
    printf("%" PRId64 "\n", SIZE / took_us);
    return 0;
}

/* Each process has memory of its own there. */
static pid_t start_other(char *memory, struct mt_error *error)
{
    int ready[2];
    char byte;

    if (pipe(ready) < 0) {
        return mt_fail_errno(error, "cannot make a pipe");
    }
    pid_t other = fork();
    if (other == 0) {
        fill(memory);
        close(ready[0]);
        close(ready[1]);
        pause();
        _exit(0);
    }
    close(ready[1]);
    fill(memory);
    while (read(ready[0], &byte, 1) > 0) {
    }
    close(ready[0]);
    return other;
}

/* By the same code as RAM is: another process's memory with that of a third. */
int floor_compare(struct mt_error *error)
{
    struct mt_ram_difference difference = {0};
    char *memory = map_memory(error);
    pid_t other = memory != NULL ? start_other(memory, error) : -1;

    if (other < 0) {
        return -1;
    }
    const struct mt_ram_memory source = {"source", getpid(), (uint64_t)(uintptr_t)memory};
    const struct mt_ram_memory destination = {"destination", other, (uint64_t)(uintptr_t)memory};
    int64_t begin_us = mt_now_us();
    int result = mt_ram_memory_compare(&source, &destination, SIZE, NULL, &difference, error);
    int64_t took_us = mt_now_us() - begin_us;
    kill(other, SIGKILL);
    waitpid(other, NULL, 0);
    if (result == 0) {
        printf("%" PRId64 "\n", SIZE / took_us);
    }
    return result;
}
