# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash disable=SC2034,SC2154,SC1007
# Fetches the box's kernel: the cloud kernel of this machine's release, and busybox, from the mirror that
# apt is configured with. Both go to the user's cache. This needs no root and installs nothing.

fetched=$cache/fetched

# The package that linux-image-cloud-amd64 depends on today.
kernel_package() {
    "${own_apt[@]}" apt-cache depends linux-image-cloud-amd64 2>/dev/null |
        awk '$1 == "Depends:" && $2 ~ /^linux-image-[0-9]/ && !found++ { print $2 }'
}

have_fetched() {
    [ -s "$fetched/package" ] && [ -s "$fetched/vmlinuz" ] && [ -x "$fetched/busybox" ]
}

download() {
    local to=$1
    shift
    run_logged env -C "$to" "${own_apt[@]}" apt-get -q download "$@" || die "cannot download $*: $(last_words)"
}

# Keeps only the files that boxes need: the kernel has 100 MB with all of its modules.
keep_needed() {
    local from=$1 to=$2 package=$3 version=${3#linux-image-} busybox=$1/bin/busybox
    [ -x "$busybox" ] || busybox=$from/usr/bin/busybox
    mkdir -p "$to/modules" &&
        cp "$from/boot/vmlinuz-$version" "$to/vmlinuz" &&
        cp "$busybox" "$to/busybox" &&
        depmod -b "$from" "$version" &&
        collect_modules "$from/lib/modules/$version" "$to/modules" &&
        echo "$package" >"$to/package"
}

fetch() {
    local package
    ! have_fetched || return 0
    need_programs depmod modprobe || exit 3
    open_log || exit 3
    mkdir -p "$work/unpacked" "$work/kept"
    mkdir -p "$cache" 2>"$work/fetch.log" || die "cannot make $cache: $(tail -n 1 "$work/fetch.log")"
    find_source main || die "apt is configured with no mirror of Debian's main packages"
    open_apt "$work/apt" "$source_suite" || exit 3
    package=$(kernel_package)
    [ -n "$package" ] ||
        die "$source_suite has no linux-image-cloud-amd64; name a kernel by --kernel and --modules"
    printf 'migtest: box: fetching %s\n' "$package" >&2
    download "$work/unpacked" "$package" busybox-static
    unpack_packages "$work/unpacked" "$work/unpacked"/*.deb || exit 3
    rm -f "$work/unpacked"/*.deb
    (keep_needed "$work/unpacked" "$work/kept" "$package") 2>"$work/fetch.log" ||
        die "$package does not hold what a box is made from: $(tail -n 1 "$work/fetch.log")"
    rm -rf "$fetched"
    if ! cp -R "$work/kept" "$fetched.$$" 2>"$work/fetch.log" ||
        ! mv -T "$fetched.$$" "$fetched" 2>>"$work/fetch.log"; then
        rm -rf "$fetched.$$"
        die "cannot keep the kernel in $fetched: $(tail -n 1 "$work/fetch.log")"
    fi
}
