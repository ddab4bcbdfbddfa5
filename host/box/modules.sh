# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash disable=SC2034,SC2154,SC1007
# The kernel modules that a box loads: KVM for AMD's SVM, which TCG emulates, and the virtio channels.

box_modules=(virtio_pci virtio_console virtio_blk kvm-amd)

# Prints the files to load, in order. A module that is built in has no file.
module_files() {
    local folder=$1 base=$work/modules-of version=${1##*/} name
    mkdir -p "$base/lib/modules"
    ln -sfn "$folder" "$base/lib/modules/$version"
    for name in "${box_modules[@]}"; do
        modprobe -d "$base" -S "$version" --show-depends "$name" ||
            return 1
    done | sed -nE 's/^insmod (.*\.ko[.a-z]*).*$/\1/p' | awk -v base="$base/lib/modules/$version" -v folder="$folder" \
        '!seen[$0]++ { print folder substr($0, length(base) + 1) }'
}

copy_module() {
    case $1 in
    *.xz) xz -dc "$1" ;;
    *.zst) zstd -qdc "$1" ;;
    *.gz) gzip -dc "$1" ;;
    *) cat "$1" ;;
    esac >"$2"
}

# Copies the modules, numbered in the order in which they must be loaded.
collect_modules() {
    local folder to=$2 files file name number=10
    folder=$(readlink -f "$1")
    [ -d "$folder" ] || die "there is no folder of modules $1"
    files=$(module_files "$folder" 2>"$work/modules.log") ||
        die "$folder lacks modules that a box needs: $(tail -n 1 "$work/modules.log")"
    while read -r file; do
        [ -n "$file" ] || continue
        name=${file##*/}
        copy_module "$file" "$to/$number-${name%%.ko*}.ko" || die "cannot unpack $file"
        number=$((number + 1))
    done <<<"$files"
}
