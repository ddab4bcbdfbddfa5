# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash disable=SC2034,SC2154,SC1007
# The box's kernel: Debian's cloud kernel and busybox, downloaded as apt is configured and unpacked
# into the user's cache, without root and without becoming the kernel of this machine.

fetched=$cache/fetched

# The package that the name without a version stands for today.
kernel_package() {
    LC_ALL=C apt-cache depends linux-image-cloud-amd64 2>/dev/null |
        awk '$1 == "Depends:" && $2 ~ /^linux-image-[0-9]/ && !found++ { print $2 }'
}

have_fetched() {
    [ -s "$fetched/package" ] && [ -s "$fetched/vmlinuz" ] && [ -x "$fetched/busybox" ]
}

download() {
    local to=$1
    shift
    # Who downloads for apt is another user, who must be able to look into the folder.
    chmod 755 "$to"
    (cd "$to" && apt-get download "$@") >"$work/fetch.log" 2>&1 </dev/null ||
        die "cannot download $*: $(tail -n 1 "$work/fetch.log")"
}

unpack() {
    local into=$1 archive
    for archive in "$into"/*.deb; do
        dpkg-deb -x "$archive" "$into" 2>"$work/fetch.log" ||
            die "cannot unpack ${archive##*/}: $(tail -n 1 "$work/fetch.log")"
        rm -f "$archive"
    done
}

# Only what boxes are made from: the kernel is 100 MB with all of its modules.
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
    need_programs apt-get apt-cache dpkg-deb depmod modprobe
    package=$(kernel_package)
    [ -n "$package" ] ||
        die "apt knows no linux-image-cloud-amd64; run apt-get update, or name a kernel by --kernel and --modules"
    mkdir -p "$work/unpacked" "$work/kept"
    mkdir -p "$cache" 2>"$work/fetch.log" || die "cannot make $cache: $(tail -n 1 "$work/fetch.log")"
    printf 'migtest: box: fetching %s\n' "$package" >&2
    download "$work/unpacked" "$package" busybox-static
    unpack "$work/unpacked"
    (keep_needed "$work/unpacked" "$work/kept" "$package") 2>"$work/fetch.log" ||
        die "$package does not hold what a box is made from: $(tail -n 1 "$work/fetch.log")"
    rm -rf "$fetched"
    if ! cp -R "$work/kept" "$fetched.$$" 2>"$work/fetch.log" ||
        ! mv -T "$fetched.$$" "$fetched" 2>>"$work/fetch.log"; then
        rm -rf "$fetched.$$"
        die "cannot keep the kernel in $fetched: $(tail -n 1 "$work/fetch.log")"
    fi
}
