#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# What people's own arguments bring is migrated as it is: devices that the guest cannot bring up are
# left alone by it, and nobody is blamed for them.
# shellcheck source=host/tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh" "$@"

disk=driver=null-co,node-name=disk,size=16777216,read-zeroes=on

test=precopy/unix/plain

# expect_passed LINE...: with these lines in the manifest.
expect_passed() {
    { printf 'version: 1\nplugins: {precopy: {}}\n' && printf '%s\n' "$@"; } >manifest.yaml
    run run -t "$test" manifest.yaml
    expect_status 0
    expect_outcome precopy "$test" passed
}

expect_passed 'args: [-device, "virtio-rng-pci,iommu_platform=on,disable-legacy=on"]'
expect_passed "args: [-blockdev, \"$disk\", -device, \"virtio-blk-pci,drive=disk,logical_block_size=4096,physical_block_size=4096\"]"
expect_passed "args: [-blockdev, \"$disk\", -device, \"virtio-blk-pci,drive=disk,queue-size=4\"]"
expect_passed 'args: [-device, "virtio-serial-pci,max_ports=1"]'
expect_passed 'args: [-netdev, "hubport,id=net,hubid=3", -device, "virtio-net-pci,netdev=net,romfile="]'
expect_passed 'args: [-device, intel-hda]'
expect_passed 'args: [-device, "virtio-rng-pci,multifunction=on,addr=8.0", -device, "virtio-balloon-pci,addr=8.1"]'
# What libvirt has in the lowest slots, it gives as JSON, which QEMU reads last.
rng='{"driver":"virtio-rng-pci","addr":"0x1"}'
console='{"driver":"virtio-serial-pci","addr":"0x2"}'
in_first_slots="args: [-device, '$rng', -device, '$console']"
test=precopy/unix/announce
expect_passed "$in_first_slots"
test=precopy/unix/shared-disk
expect_passed "$in_first_slots"
test=precopy/unix/plain
expect_passed 'devices: rich' "$in_first_slots"
# SeaBIOS writes to the guest's serial line, before the guest does.
printf '\370\003' >serial-port
expect_passed 'firmware: seabios' "args: [-fw_cfg, 'name=etc/sercon-port,file=$PWD/serial-port']"
expect_passed 'machine: pc-q35-3.1'
expect_passed 'machine: pc-i440fx-3.1'
expect_passed 'smp: 4' 'devices: rich'

# One whose name promises no size.
test=precopy/unix/lost-destination
expect_passed 'machine: pc' 'ram: 3400MiB' 'args: [-device, virtio-rng-pci]'
checks=$((checks + 1))
grep -q '"key":"ram","value":"348[0-9]* KiB equal' migtest-results/journal.jsonl || fail "its RAM is not that of the manifest"
# Where the places of its pages come close to the end of what a guest without paging can address.
expect_passed 'machine: pc' 'ram: 2816MiB'
expect_nothing_left
finish
