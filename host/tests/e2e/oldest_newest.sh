#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The quick tests on the oldest and the newest QEMU that can be had, each with itself, and with the
# installed one in both directions: nothing fails but what is known of that QEMU, by its own words.
# shellcheck source=host/tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh" "$@"
oldest=${MIGTEST_OLDEST_QEMU-}
newest=${MIGTEST_NEWEST_QEMU-}

if [ -z "$oldest$newest" ]; then
    echo "skipped: neither the oldest nor the newest QEMU can be had here"
    exit 77
fi

# QEMU 5.2 does not lock a disk against other writers again on a destination.
known_of_destination() {
    if [ "$1" = "$oldest" ]; then
        expect_status 1
        expect_outcome precopy precopy/unix/shared-disk failed \
            'the destination that has the guest has locked bytes 100 101 of the disk, expected bytes 100 101 201'
        expect_failures 1
    else
        expect_status 0
        expect_failures 0
    fi
}

expect_failures() {
    checks=$((checks + 1))
    [ "$(count_outcomes '(failed|error)')" -eq "$1" ] || fail "not $1 failed"
}

passing=(precopy:precopy/unix/plain precopy:precopy/tcp/plain precopy:precopy/unix/switchover
    precopy:precopy/unix/working-set precopy:precopy/unix/dirty-rate precopy:precopy/unix/leaks
    precopy:precopy/unix/lost-destination precopy:precopy/unix/bandwidth fd:precopy/fd/tcp
    multifd:multifd/tcp/channels multifd:multifd/tcp/uri/plain/none multifd:multifd/tcp/plain/cancel)

check_pair() {
    run run --source "$1" --destination "$2"
    known_of_destination "$2"
    for test in "${passing[@]}"; do
        expect_outcome "${test%%:*}" "${test#*:}" passed
    done
    expect_nothing_left
}

for end in "$oldest" "$newest"; do
    if [ -n "$end" ]; then
        check_pair "$end" "$end"
        check_pair "$end" qemu-system-x86_64
        check_pair qemu-system-x86_64 "$end"
    fi
done

# 11.1 ends over a question, and refuses a plain file: neither costs a test that is not about that.
if [ -n "$newest" ]; then
    run run --source "$newest" -t precopy/fd/file -t precopy/unix/announce
    expect_status 0
    expect_outcome precopy precopy/unix/announce passed
    expect_failures 0
fi
finish
