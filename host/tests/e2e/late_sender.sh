#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# A migration goes through all its passes on a host so busy that QEMU's migration thread is late: by
# a third of a window of its bandwidth, in what is left of which it could send all memory.
# shellcheck source=host/tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh" "$@"
old_qemu=${3:-}

for qemu in qemu-system-x86_64 ${old_qemu:+"$old_qemu"}; do
    manifest <<END
version: 1
qemu:
  source: {binary: $qemu, env: {LD_PRELOAD: $build/tests/liblate-sender.so, LATE_SENDER_NOTES: $work/late}}
  destination: {binary: $qemu}
plugins: {precopy: {}}
END
    rm -f late
    run run -t precopy/unix/plain --repeat 5 -j 1 manifest.yaml
    expect_status 0
    expect_out "1 test: 1 passed"
    checks=$((checks + 1))
    # And one QEMU that was asked what it can do, of which it sends as much at once.
    [ "$(wc -l <late)" -eq 6 ] || fail "not every migration was late"
done
expect_nothing_left
finish
