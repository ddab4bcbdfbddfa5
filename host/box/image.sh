# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash disable=SC2034,SC2154,SC1007
# The box's image: an initramfs with the kernel's modules, busybox, migtest, the QEMUs, and all files that
# these need, under the same paths as outside. The image is cached, and used again as long as size and
# time of each of its files are the same.

images=$cache/images
kept_images=4
kernel= module_folder= busybox=

choose_kernel() {
    if [ -n "$kernel" ]; then
        [ -r "$kernel" ] || die "there is no kernel $kernel"
        [ -n "$module_folder" ] || die "--kernel needs --modules, the folder of that kernel's modules"
        busybox=$(command -v busybox || true)
        [ -n "$busybox" ] || busybox=$fetched/busybox
        [ -x "$busybox" ] || die "there is no busybox: install it, or have one fetched by migtest box --fetch"
        return 0
    fi
    have_fetched ||
        die "there is no kernel for the box; migtest box --fetch gets Debian's, --kernel and --modules name another"
    kernel=$fetched/vmlinuz
    busybox=$fetched/busybox
}

# Prints size and time of each file that is named on standard input.
identities() {
    xargs -0 -r stat -L -c '%n %s %.Y' 2>/dev/null || true
}

# Describes what the image is to contain, without finding all files of it: the key of the cache.
describe_request() {
    local qemu
    printf '%s\n' "kernel $kernel" "modules $module_folder" "migtest $migtest" "${qemus[@]}"
    for qemu in "${qemus[@]}"; do
        command -v -- "${qemu%%$'\n'*}" || true
    done
    printf '%s\0' "$here"/* "$kernel" "$busybox" "$migtest" | identities
    find -L "${folders[@]}" ${module_folder:+"$module_folder"} -type f -printf '%p %s %T@\n' 2>/dev/null | sort
}

collect_closure() {
    local qemu words
    for link in /bin /sbin /lib /lib64; do
        [ ! -L "$link" ] || add_path "$link"
    done
    add_programs "$migtest" "$private/migtest-worker"
    for folder in "${folders[@]}"; do
        add_folder "$folder"
    done
    for qemu in "${qemus[@]}"; do
        mapfile -t words <<<"$qemu"
        add_qemu "${words[@]}"
    done
}

# The files that have no path outside: the first process, busybox, which runs it, and the modules.
lay_out_box() {
    local to=$1/migtest-box
    { mkdir -p "$to/modules" && cp "$here/init" "$1/init" && cp "$busybox" "$to/busybox"; } ||
        die "cannot lay out the box in $work"
    if [ -n "$module_folder" ]; then
        collect_modules "$module_folder" "$to/modules"
    else
        cp "$fetched"/modules/* "$to/modules/" || die "cannot lay out the box in $work"
    fi
}

archive() {
    cpio -o -H newc --quiet
}

write_image() {
    local to=$1
    (cd "$work/layout" && find . -mindepth 1 | sort | archive) >"$to" &&
        (cd / && printf '%s\n' "${!closure[@]}" | sed 's,^/,,' | sort | archive) >>"$to"
}

regular_files() {
    local path
    for path in "${!closure[@]}"; do
        [ ! -f "$path" ] || printf '%s\0' "$path"
    done | sort -z
}

# Removes the oldest images, so that the cache does not grow with each build of migtest.
remove_old_images() {
    find "$images" -mindepth 1 -maxdepth 1 -printf '%T@ %p\0' | sort -zrn |
        tail -z -n +"$((kept_images + 1))" | cut -z -d ' ' -f 2- | xargs -0 -r rm -rf --
}

write_files() {
    mkdir -p "$1" &&
        write_image "$1/image" &&
        regular_files >"$1/files" &&
        identities <"$1/files" >"$1/identities"
}

build_image() {
    local to=$images/$1 new=$images/new.$$
    need_programs cpio ldd modprobe || exit 3
    lay_out_box "$work/layout"
    collect_closure
    if ! write_files "$new" 2>"$work/image.log"; then
        rm -rf "$new"
        die "cannot write the box's image to $images: $(tail -n 1 "$work/image.log")"
    fi
    rm -rf "$to"
    mv -T "$new" "$to"
    remove_old_images
}

# Sets $image to an image that is up to date.
make_image() {
    local request started=$EPOCHREALTIME
    choose_kernel
    request=$(describe_request | sha256sum)
    request=${request%% *}
    image=$images/$request/image
    if [ -s "$image" ] &&
        identities <"$images/$request/files" | cmp -s - "$images/$request/identities"; then
        touch "$images/$request"
        mention "using the image again took $(seconds_since "$started") s"
        return 0
    fi
    build_image "$request"
    mention "making the image took $(seconds_since "$started") s"
}
