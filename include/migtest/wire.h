/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The wire between source and destination of a migration with `.relay`. All bytes pass through
 * migtest, which can hold back one direction and not the other.
 */
#ifndef MIGTEST_WIRE_H
#define MIGTEST_WIRE_H

#include <stdint.h>

#include <migtest/abi.h>
#include <migtest/pair.h>

MT_BEGIN_C

enum mt_direction {
    MT_TO_DESTINATION, /* the stream, over all of its connections */
    MT_TO_SOURCE,      /* the destination's answers, of the return path */
};

/*
 * mt_wire_hold lets nothing more pass in that direction, including the end of a connection, until
 * mt_wire_release. No byte is lost. Both may be called before a migration, which must then have
 * `.relay`, or during the migration.
 */
#define mt_wire_hold(pair, direction) mt_wire_hold_at(MT_HERE, pair, direction)
#define mt_wire_release(pair, direction) mt_wire_release_at(MT_HERE, pair, direction)
MT_API void mt_wire_hold_at(const char *file, int line, struct mt_pair *pair,
                            enum mt_direction direction);
MT_API void mt_wire_release_at(const char *file, int line, struct mt_pair *pair,
                               enum mt_direction direction);

/* Returns how many bytes have passed in that direction since the latest migration began. Fails
 * where that migration had no `.relay`. */
#define mt_wire_bytes(pair, direction) mt_wire_bytes_at(MT_HERE, pair, direction)
MT_API int64_t mt_wire_bytes_at(const char *file, int line, struct mt_pair *pair,
                                enum mt_direction direction);

MT_END_C

#endif
