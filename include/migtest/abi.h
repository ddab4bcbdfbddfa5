/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How plugins and migtest of different versions fit together.
 *
 * A plugin that was built with ABI 1.x loads in every migtest of ABI 1.y where y is at least the
 * minor version that the plugin needs. Structs begin with their size, tables carry their stride,
 * and structs nest by pointer only, so that both can grow. A member that an older plugin does not
 * know reads as zero, and zero always means the default.
 *
 * No struct has padding, which a compiler may leave unset. What would be padding is `reserved`,
 * which must be 0; the macros and initializers see to that. A new member uses reserved bytes, or
 * takes 8 bytes at the end.
 */
#ifndef MIGTEST_ABI_H
#define MIGTEST_ABI_H

#include <stdint.h>

#include <migtest/object.h>

/* Around declarations, so that a plugin in C++ finds the functions under their names. */
#ifdef __cplusplus
#define MT_BEGIN_C extern "C" {
#define MT_END_C }
#else
#define MT_BEGIN_C
#define MT_END_C
#endif

#define MT_ABI_MAJOR 1
#define MT_ABI_MINOR 0

#define MT_API __attribute__((visibility("default")))
#define MT_EXPORT __attribute__((visibility("default")))
#define MT_NORETURN __attribute__((noreturn))

#define MT_NOTE_NAME "migtest"
#define MT_NOTE_TYPE 1
#define MT_NOTE_MAGIC 0x4d54504cU

/* The ELF note that migtest reads from a plugin's file before it lets any of its code run. */
struct mt_abi_note {
    uint32_t name_size;
    uint32_t descriptor_size;
    uint32_t type;
    char name[8];
    uint32_t magic;
    uint32_t abi_major;
    uint32_t abi_minor;
    uint32_t plugin_size;
};

/* Where a call stands in the source of a test. A failure names this place. */
#define MT_HERE __FILE__, __LINE__

#endif
