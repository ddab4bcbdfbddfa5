#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# QEMU computes two fields of the real-time clock again, from two readings of the host's clock. With a
# clock that is ahead at every second reading, these two fields differ every time, and nothing else
# does. (Other entries are tested elsewhere: globalstate between two versions, see versions.sh, and
# kvmclock under KVM, see kvm.sh.)
# shellcheck source=host/tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh" "$@"

manifest <<END
version: 1
qemu:
  destination: {binary: qemu-system-x86_64, env: {LD_PRELOAD: $build/tests/libunsteady-clock.so}}
plugins: {faults: {}}
END
run run --plugin-path "$build/tests/plugins" -t clock-anew manifest.yaml
expect_status 0
expect_outcome faults clock-anew passed
expect_journal '"key":"not kept by QEMU","value":"mc146818rtc.update_timer: '
expect_journal '"key":"not kept by QEMU","value":"mc146818rtc.next_alarm_time: '
checks=$((checks + 1))
[ "$(grep -c '"key":"not kept by QEMU"' migtest-results/journal.jsonl)" -eq 2 ] ||
    fail "something else is not kept, either"
expect_nothing_left
finish
