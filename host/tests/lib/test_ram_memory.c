/* SPDX-License-Identifier: Apache-2.0 */
/* The comparison of two memories, for each kind of memory that a QEMU may have. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cmocka.h>

#include "lib/verify/ram_memory.h"

enum {
    PAGE = 4096,
    SIZE = 4 * 1024 * 1024,
    FAR = 3 * 1024 * 1024 + 5 * PAGE + 100,
};

static unsigned char *map_as(int flags, int fd)
{
    unsigned char *bytes = mmap(NULL, SIZE, PROT_READ | PROT_WRITE, flags, fd, 0);

    assert_ptr_not_equal(bytes, MAP_FAILED);
    return bytes;
}

static unsigned char *map(int fd)
{
    return map_as(fd < 0 ? MAP_PRIVATE | MAP_ANONYMOUS : MAP_SHARED, fd);
}

static int make_file(void)
{
    int fd = memfd_create("memory", MFD_CLOEXEC);

    assert_true(fd >= 0);
    assert_int_equal(ftruncate(fd, SIZE), 0);
    return fd;
}

static unsigned char *map_memfd(int *ret_fd)
{
    *ret_fd = make_file();
    return map(*ret_fd);
}

static int compare(const unsigned char *source, const unsigned char *destination,
                   struct mt_ram_difference *ret_difference, struct mt_error *error)
{
    struct mt_ram_memory source_memory = {"source", getpid(), (uintptr_t)source};
    struct mt_ram_memory destination_memory = {"destination", getpid(), (uintptr_t)destination};

    return mt_ram_memory_compare(&source_memory, &destination_memory, SIZE, NULL, ret_difference,
                                 error);
}

/* A page that only one side has touched may have any content; the other side's page is zero. */
static void expect_one_page(unsigned char *source, unsigned char *destination)
{
    struct mt_ram_difference difference;
    MT_AUTO_ERROR struct mt_error error = {0};

    source[PAGE] = 1;
    destination[PAGE] = 1;
    assert_int_equal(compare(source, destination, &difference, &error), 0);
    assert_int_equal(difference.pages, 0);
    destination[FAR] = 7;
    assert_int_equal(compare(source, destination, &difference, &error), 0);
    assert_int_equal(difference.pages, 1);
    assert_int_equal(difference.first_offset, FAR);
    assert_int_equal(difference.source[0], 0);
    assert_int_equal(difference.destination[0], 7);
}

static void private_memory(void **state)
{
    unsigned char *source = map(-1);
    unsigned char *destination = map(-1);

    (void)state;
    expect_one_page(source, destination);
    munmap(source, SIZE);
    munmap(destination, SIZE);
}

static void files_in_memory(void **state)
{
    int source_fd;
    int destination_fd;
    unsigned char *source = map_memfd(&source_fd);
    unsigned char *destination = map_memfd(&destination_fd);

    (void)state;
    expect_one_page(source, destination);
    munmap(source, SIZE);
    munmap(destination, SIZE);
    close(source_fd);
    close(destination_fd);
}

static void one_file_for_both_is_refused(void **state)
{
    int fd;
    unsigned char *source = map_memfd(&fd);
    unsigned char *destination = map(fd);
    struct mt_ram_difference difference;
    MT_AUTO_ERROR struct mt_error error = {0};

    (void)state;
    assert_int_equal(compare(source, destination, &difference, &error), -1);
    assert_non_null(strstr(mt_error_text(&error), "have the same file"));
    munmap(source, SIZE);
    munmap(destination, SIZE);
    close(fd);
}

/* A page that neither process has touched is not zero here, but has the content of the file. */
static void files_mapped_privately(void **state)
{
    int source_fd = make_file();
    int destination_fd = make_file();
    struct mt_ram_difference difference;
    MT_AUTO_ERROR struct mt_error error = {0};

    (void)state;
    assert_int_equal(pwrite(source_fd, "s", 1, FAR), 1);
    assert_int_equal(pwrite(destination_fd, "d", 1, FAR), 1);
    unsigned char *source = map_as(MAP_PRIVATE, source_fd);
    unsigned char *destination = map_as(MAP_PRIVATE, destination_fd);
    assert_int_equal(compare(source, destination, &difference, &error), 0);
    assert_int_equal(difference.pages, 1);
    assert_int_equal(difference.source[0], 's');
    assert_int_equal(difference.destination[0], 'd');
    munmap(source, SIZE);
    munmap(destination, SIZE);
    close(source_fd);
    close(destination_fd);
}

/* Neither side sees the writes of the other, so a lost page is found. */
static void one_file_mapped_privately_by_both(void **state)
{
    int fd = make_file();
    unsigned char *source = map_as(MAP_PRIVATE, fd);
    unsigned char *destination = map_as(MAP_PRIVATE, fd);

    (void)state;
    assert_int_equal(pwrite(fd, "image", 5, 0), 5);
    expect_one_page(source, destination);
    munmap(source, SIZE);
    munmap(destination, SIZE);
    close(fd);
}

/* The private side shows what the shared side writes, where it has not written itself. */
static void one_file_that_one_side_shares_is_refused(void **state)
{
    int fd;
    unsigned char *shared = map_memfd(&fd);
    unsigned char *private = map_as(MAP_PRIVATE, fd);
    struct mt_ram_difference difference;

    (void)state;
    for (int i = 0; i < 2; i++) {
        MT_AUTO_ERROR struct mt_error error = {0};
        assert_int_equal(
            compare(i == 0 ? shared : private, i == 0 ? private : shared, &difference, &error), -1);
        assert_non_null(strstr(mt_error_text(&error), "have the same file"));
    }
    munmap(shared, SIZE);
    munmap(private, SIZE);
    close(fd);
}

static void memory_that_is_not_there_is_an_error(void **state)
{
    unsigned char *source = map(-1);
    struct mt_ram_difference difference;
    MT_AUTO_ERROR struct mt_error error = {0};

    (void)state;
    assert_int_equal(compare(source, (unsigned char *)PAGE, &difference, &error), -1);
    assert_string_equal(mt_error_text(&error), "nothing is mapped at 0x1000");
    munmap(source, SIZE);
}

static void keep_last(void *data, uint64_t bytes)
{
    uint64_t *last = data;

    assert_true(bytes > *last);
    *last = bytes;
}

static void the_listener_gets_the_progress(void **state)
{
    MT_AUTO_ERROR struct mt_error error = {0};
    struct mt_ram_difference difference;
    unsigned char *bytes = map(-1);
    struct mt_ram_memory both = {"source", getpid(), (uintptr_t)bytes};
    uint64_t last = 0;
    const struct mt_ram_listener listener = {.data = &last, .compared = keep_last};

    (void)state;
    assert_int_equal(mt_ram_memory_compare(&both, &both, SIZE, &listener, &difference, &error), 0);
    assert_int_equal(last, SIZE);
    munmap(bytes, SIZE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(private_memory),
        cmocka_unit_test(files_in_memory),
        cmocka_unit_test(files_mapped_privately),
        cmocka_unit_test(one_file_for_both_is_refused),
        cmocka_unit_test(one_file_mapped_privately_by_both),
        cmocka_unit_test(one_file_that_one_side_shares_is_refused),
        cmocka_unit_test(memory_that_is_not_there_is_an_error),
        cmocka_unit_test(the_listener_gets_the_progress),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
