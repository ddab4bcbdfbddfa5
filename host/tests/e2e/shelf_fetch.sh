#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# A real suite from the mirror that apt is configured with, where that can be reached.
# shellcheck source=host/tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh" "$@"
# shellcheck source=host/tests/e2e/shelf_lib.sh
. "$(dirname "$0")/shelf_lib.sh"

run qemu fetch bullseye
if [ "$status" -ne 0 ] && grep -qE 'cannot get the lists of .*(connect|resolve|timed out)' err; then
    echo "skipped: the mirror cannot be reached: $(tail -n 1 err)"
    exit 77
fi
expect_status 0
expect_out '^bullseye: QEMU 5\.2\.'
expect_shelf bullseye
run qemu list --json
expect_status 0
expect_out '"suite": "bullseye"'
expect_out '"package": "qemu-system-x86 1:5\.2'
expect_out '"version": "5\.2\.'
run run --dry-run -t precopy/unix/plain --source bullseye
expect_status 0
expect_out '^run +precopy:precopy/unix/plain'

run qemu fetch nosuch
expect_refusal 2 'has no suite nosuch'
run qemu remove bullseye
expect_status 0
expect_shelf
expect_nothing_left
finish
