# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash disable=SC2034,SC2154
# What the scripts in this folder share.

say() {
    printf '%s: %s\n' "${0##*/}" "$*"
}

die() {
    printf '%s: %s\n' "${0##*/}" "$*" >&2
    exit 1
}

# Runs a command without a word; when it fails, the end of what it said is shown.
quietly() {
    local log status=0
    log=$(mktemp)
    ("$@") >"$log" 2>&1 </dev/null || status=$?
    if [ "$status" -ne 0 ]; then
        tail -n 200 "$log" >&2
        printf '%s: failed with status %s: %s\n' "${0##*/}" "$status" "$*" >&2
    fi
    rm -f "$log"
    return "$status"
}

# As root: by sudo where this is not root.
as_root() {
    if [ "$(id -u)" -eq 0 ]; then
        "$@"
    elif command -v sudo >/dev/null; then
        sudo "$@"
    else
        die "this needs root, and there is no sudo: run as root: $*"
    fi
}

# The version of a qemu-system-x86_64, "10.0.2"; nothing where there is none.
qemu_version() {
    { "$1" --version 2>/dev/null || true; } |
        sed -n 's/^QEMU emulator version \([0-9.]*\).*/\1/p'
}

version_at_least() {
    [ "$(printf '%s\n%s\n' "$2" "$1" | sort -V | head -n 1)" = "$2" ]
}

# Between these two lie the QEMUs that the tests are run with.
oldest_suite=bullseye
newest_suite=sid

# The shelf of QEMUs, before anything is built.
shelf() {
    "$here/../host/shelf/migtest-shelf" "$@"
}

# The path of a suite's QEMU on the shelf; nothing where it is not there.
shelved_qemu() {
    shelf path "$1" || true
}

# The same of the release's own QEMU, unless it is what is installed.
release_qemu() {
    local path installed
    path=$(shelved_qemu "$(shelf release 2>/dev/null)")
    installed=$(dpkg-query -W -f '${Version}' qemu-system-x86 2>/dev/null || true)
    [ -z "$path" ] || grep -qFx "package=qemu-system-x86 $installed" "${path%/*}/entry" || echo "$path"
}
