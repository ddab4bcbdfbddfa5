/* SPDX-License-Identifier: Apache-2.0 */
/*
 * QEMU's ACPI tables, which QEMU makes again for the BARs and bridges that it finds when they are
 * first selected: after that they are as the guest saw them, on a destination too.
 */
#include "arch/io.h"
#include "guest/contract.h"
#include "guest/x86/registers.h"

#define SELECT 0x510
#define FEATURES 0x0001
#define HAS_DMA 0x2
#define DATA 0x511
#define DMA_HIGH 0x514
#define DMA_LOW 0x518
#define DMA_READ 0x2
#define DMA_SELECT 0x8

#define DIRECTORY 0x0019
#define DIRECTORY_SIZE (MT_GUEST_PAGE_SIZE - 16)

struct file {
    uint32_t size;
    uint16_t item;
    uint16_t reserved;
    char name[56];
};

#define MOST_FILES ((DIRECTORY_SIZE - 4) / sizeof(struct file))

/* In the page of the host bridge, which needs none. The order that it is read by is at its end. */
static volatile uint32_t *const directory = (volatile uint32_t *)MT_GUEST_DEVICES;
static volatile uint32_t *const order = (volatile uint32_t *)(MT_GUEST_DEVICES + DIRECTORY_SIZE);

static bool has_dma(void)
{
    out16(SELECT, FEATURES);
    return (in8(DATA) & HAS_DMA) != 0;
}

static void read_directory(void)
{
    order[0] = __builtin_bswap32(DIRECTORY << 16 | DMA_SELECT | DMA_READ);
    order[1] = __builtin_bswap32(DIRECTORY_SIZE);
    order[2] = 0;
    order[3] = __builtin_bswap32((uint32_t)directory);
    out32(DMA_HIGH, 0);
    out32(DMA_LOW, __builtin_bswap32((uint32_t)order));
}

static bool is_named(const volatile struct file *file, const char *name)
{
    unsigned i = 0;

    while (name[i] != '\0' && file->name[i] == name[i]) {
        i++;
    }
    return name[i] == file->name[i];
}

void tables_program(void)
{
    const volatile struct file *files = (const volatile struct file *)(directory + 1);

    if (!has_dma()) {
        return;
    }
    read_directory();
    uint32_t count = __builtin_bswap32(directory[0]);
    for (uint32_t i = 0; i < count && i < MOST_FILES; i++) {
        if (is_named(&files[i], "etc/acpi/tables")) {
            out16(SELECT, __builtin_bswap16(files[i].item));
        }
    }
}

/* The tables lie in RAM of their own, which the host compares. */
void tables_note(struct notes *notes)
{
    (void)notes;
}
