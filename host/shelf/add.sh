# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash disable=SC2034,SC2154
# Adds the user's own QEMU: packages, an unpacked package, a build tree, or an installed program. The QEMU is
# copied, so that the entry stays the same when the original changes.

is_package() {
    [ -f "$1" ] && printf '!<arch>' | cmp -s -n 7 - "$1"
}

is_program() {
    [ -f "$1" ] && printf '\177ELF' | cmp -s -n 4 - "$1"
}

# A tree may be read-only, as in stores of packages. Its copy must be writable, to be changed and removed.
copy() {
    if ! run_logged cp -R --reflink=auto --preserve=mode,timestamps "$@" ||
        ! run_logged chmod -R u+rwX "$staging"; then
        complain "cannot copy to $shelf: $(last_words)"
    fi
}

# Copies firmware that is small enough for x86 machines, from each of the folders. A file in a later folder
# replaces one of the same name.
copy_firmware() {
    local folder files
    mkdir -p "$staging/share/qemu"
    for folder in "$@"; do
        [ -d "$folder" ] || continue
        mapfile -d '' files < <(find -L "$folder" -maxdepth 1 -type f -size -8M \
            \( -name '*.bin' -o -name '*.rom' -o -name '*.aml' -o -name '*.img' -o -name '*.fd' \) -print0)
        [ "${#files[@]}" -eq 0 ] || copy -L "${files[@]}" "$staging/share/qemu" || return
        [ ! -d "$folder/keymaps" ] || copy -L "$folder/keymaps" "$staging/share/qemu" || return
    done
    rmdir "$staging/share/qemu" "$staging/share" 2>/dev/null || true
}

# Copies QEMU's modules from each of the folders.
copy_modules() {
    local folder files
    for folder in "$@"; do
        mapfile -d '' files < <(find -L "$folder" -maxdepth 1 -type f \( -name 'hw-*.so' -o -name 'accel-*.so' \
            -o -name 'ui-*.so' -o -name 'chardev-*.so' -o -name 'block-*.so' -o -name 'audio-*.so' \) -print0 2>/dev/null)
        [ "${#files[@]}" -gt 0 ] || continue
        mkdir -p "$staging/lib/qemu"
        copy -L "${files[@]}" "$staging/lib/qemu" || return
    done
}

copy_program() {
    mkdir -p "$staging/bin"
    copy -L "$1" "$staging/bin/qemu-system-x86_64"
}

# The folder holds the program, with its modules and pc-bios.
take_build() {
    kind="a build tree: the program, its modules and pc-bios are copied, libraries are this host's"
    copy_program "$1/qemu-system-x86_64" && copy_modules "$1" && copy_firmware "$1/../pc-bios" "$1/pc-bios"
}

take_program() {
    local folder prefix place places=()
    folder=$(dirname "$(readlink -f "$1")")
    prefix=${folder%/*}
    if [ -d "$folder/pc-bios" ]; then
        take_build "$folder"
        return
    fi
    if [ ! -d "$prefix/share/qemu" ]; then
        kind="a program alone: it is copied, libraries and firmware are this host's"
        copy_program "$1"
        return
    fi
    kind="an installed program: it is copied with its modules and firmware, libraries are this host's"
    copy_program "$1" || return
    for place in "$prefix"/{lib/*,lib64,lib}/{qemu,qemu-kvm}; do
        [ ! -d "$place" ] || places+=("$place")
    done
    copy_modules "${places[@]}" &&
        copy_firmware "$prefix"/{lib/ipxe/qemu,share/ipxe/qemu,share/seavgabios,share/seabios,share/qemu-kvm,share/qemu}
}

take_tree() {
    kind="an unpacked package: all of it is copied, libraries that it lacks are this host's"
    copy "$1/." "$staging" && remove_documents
}

take_packages() {
    local package name
    kind="packages: they are unpacked, libraries that they lack are this host's"
    need_programs dpkg-deb && unpack_packages "$staging" "$@" && remove_documents || return
    for package in "$@"; do
        name=$(dpkg-deb -f "$package" Package)
        case $name in
        qemu-system-x86* | qemu-kvm) lines+=("package=$name $(dpkg-deb -f "$package" Version)") ;;
        esac
    done
}

# Whether the folder is a prefix, such as ~/.local, which may hold much else. A tree with a loader is an
# unpacked package instead.
is_prefix() {
    [ -d "$1/share/qemu" ] && is_program "$1/bin/qemu-system-x86_64" && ! find_loader "$1" >/dev/null
}

take_folder() {
    local folder packages
    folder=$(readlink -f "$1")
    packages=("$folder"/*.deb)
    case $folder in
    / | /usr | /usr/local)
        refuse "$1 is this system's own; expected a folder of a QEMU's, or the program $1/bin/qemu-system-x86_64"
        return
        ;;
    esac
    if [ -f "$folder/qemu-system-x86_64" ] && is_program "$folder/qemu-system-x86_64"; then
        take_build "$folder"
    elif [ -f "$folder/build/qemu-system-x86_64" ]; then
        take_build "$folder/build"
    elif is_prefix "$folder"; then
        take_program "$folder/bin/qemu-system-x86_64"
    elif first_of "$folder" "${program_places[@]}" >/dev/null; then
        take_tree "$folder"
    elif [ -f "${packages[0]-}" ]; then
        take_packages "${packages[@]}"
    else
        refuse "$1 holds no QEMU for x86_64; expected a build tree, an unpacked package, or .deb files"
    fi
}

take() {
    local path
    for path in "$@"; do
        [ -r "$path" ] || {
            refuse "there is no $path"
            return
        }
        [ $# -eq 1 ] || is_package "$path" || {
            refuse "$path is no .deb file; expected one file or folder, or several .deb files"
            return
        }
    done
    if is_package "$1"; then
        take_packages "$@"
    elif [ -d "$1" ]; then
        take_folder "$1"
    elif is_program "$1"; then
        take_program "$1"
    elif [[ $1 == *.deb ]]; then
        refuse "$1 is no Debian package"
    elif [ "$(head -c 2 "$1")" = '#!' ]; then
        refuse "$1 is a script; expected the program that it starts, or the folder of that"
    else
        refuse "$1 is no program; expected a QEMU for x86_64, a folder that holds one, or .deb files"
    fi
}

add_entry() {
    local name=$1 kind='' lines=()
    shift
    check_name "$name" && open_staging "$name" && take "$@" || return
    finish_entry "$name" "$*" "from=$(readlink -f "$1")" "kind=$kind" "${lines[@]}" && say "$name is of $kind"
}
