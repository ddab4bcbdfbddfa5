#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# What the CPU promises is no state of the guest: where two versions promise another CPU under the same name,
# the result says so, and a migration that changes the CPU of a guest is a failure.
# shellcheck source=host/tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh" "$@"
old_qemu=${3:-}

test=precopy/unix/plain
to_abm='qemu: {destination: {args: [-global, "driver=qemu64-x86_64-cpu,property=abm,value=on"]}}'
without_avx='qemu: {destination: {args: [-global, "driver=max-x86_64-cpu,property=avx,value=off"]}}'

# run_with LINE...: with these lines in the manifest.
run_with() {
    { printf 'version: 1\naccel: tcg\nplugins: {precopy: {}}\n' && printf '%s\n' "$@"; } >manifest.yaml
    run run -t "$test" ${qemus[@]+"${qemus[@]}"} manifest.yaml
}

qemus=()
run_with "$to_abm"
expect_status 1
expect_outcome precopy "$test" failed 'comparing the CPU that the guest sees: CPUID leaf 0x80000001 ecx: source 0x[0-9a-f]{8}, destination 0x[0-9a-f]{8} \(bit 5\)"'

# A register that the guest had faults now.
run_with 'cpu: max' 'hold: never' "$without_avx"
expect_status 1
expect_outcome precopy "$test" failed 'the CPU refuses the guest its register ymm0, which it did not when the guest started'
expect_journal '"key":"cpuid","value":"leaf 0x1 ecx: source '

# TCG promises XSAVE, and refuses to have it switched on.
run_with 'cpu: "qemu64,+xsave"'
expect_status 0
expect_outcome precopy "$test" passed

if [ -n "$old_qemu" ]; then
    for qemus in "--source $old_qemu" "--destination $old_qemu"; do
        read -ra qemus <<<"$qemus"
        run_with 'machine: pc-q35-7.2' 'cpu: Nehalem'
        expect_status 0
        expect_outcome precopy "$test" passed
        expect_journal "\"key\":\"cpuid\",\"value\":\"the destination's QEMU shows by itself: leaf 0x80000001 edx: source 0x"
    done
fi
expect_nothing_left
finish
