#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The guest brings everything up: what still stands as at reset in a migration is known by name and
# says why. A longer list proves less, so it fails here. Each virtio device has a driver.
# shellcheck source=host/tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh" "$@"
old=${3:-}

# The sections of the last run that were as at reset, sorted, each with its reason.
at_reset() {
    grep -oE '"key":"at reset","value":"[^"]*"' migtest-results/journal.jsonl |
        sed 's/.*"value":"//; s/"$//; s/; /\n/g' | sort
}

# expect_at_reset MACHINE DEVICES SECTION...: exactly these.
expect_at_reset() {
    local machine=$1 devices=$2 expected
    shift 2
    manifest <<END
version: 1
machine: $machine
devices: $devices
plugins: {precopy: {}}
END
    run run "${qemus[@]}" -t precopy/unix/plain manifest.yaml
    expect_status 0
    expect_outcome precopy precopy/unix/plain passed
    checks=$((checks + 1))
    expected=$(printf '%s\n' "$@" | sort)
    [ "$(at_reset | sed 's/ (.*//')" = "$expected" ] ||
        fail "on $machine with $devices devices at reset: $(at_reset | tr '\n' ';')"
    [ "$(at_reset | grep -c ' (.*)$')" -eq $# ] || fail "no reason: $(at_reset | tr '\n' ';')"
}

# Sections that the guest cannot move: PCI interrupts need a device that raises one.
check() {
    expect_at_reset q35 minimal PCIBUS globalstate i2c_bus kvm-tpr-opt
    expect_at_reset pc minimal PCIBUS globalstate i2c_bus kvm-tpr-opt
    expect_at_reset q35 rich globalstate i2c_bus kvm-tpr-opt
    expect_at_reset pc rich globalstate i2c_bus kvm-tpr-opt
}

# The machine's own devices have ROM files, which an older QEMU may lack.
check_machine() {
    local network=()
    if qemu-system-x86_64 -netdev help | grep -qx user; then
        network=(slirp)
    fi
    expect_at_reset q35 machine PCIBUS globalstate i2c_bus kvm-tpr-opt "${network[@]}"
    expect_at_reset pc machine PCIBUS globalstate i2c_bus kvm-tpr-opt "${network[@]}"
}

expect_drivers() {
    manifest <<'END'
version: 1
devices: rich
plugins: {drivers: {}}
END
    run run "${qemus[@]}" --plugin-path "$build/tests/plugins" manifest.yaml
    expect_status 0
    expect_outcome drivers virtio passed
}

qemus=()
check
check_machine
expect_drivers
if [ -n "$old" ]; then
    qemus=(--source "$old" --destination "$old")
    check
    expect_drivers
fi
expect_nothing_left
finish
