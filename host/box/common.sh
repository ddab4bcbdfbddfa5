# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash disable=SC2034,SC2154,SC1007
# What the parts of migtest-box share: messages, the cache folder, the folder of a run.

# depmod and modprobe are in these folders, which the PATH of a user may lack.
PATH=$PATH:/usr/sbin:/sbin

cache=${XDG_CACHE_HOME:-${HOME:-/nonexistent}/.cache}/migtest/box
work=

# Ends with the exit status for a failure of migtest itself. The trap on EXIT cleans up.
die() {
    printf 'migtest: box: %s\n' "$*" >&2
    exit 3
}

# The same message without an end, for the functions that are shared with migtest-shelf.
complain() {
    printf 'migtest: box: %s\n' "$*" >&2
    return 3
}

refuse() {
    complain "$@"
}

# A message that is printed only with --verbose.
mention() {
    [ "$verbose" = no ] || printf 'migtest: box: %s\n' "$*" >&2
}

seconds_since() {
    # In some locales EPOCHREALTIME has a comma.
    awk -v from="${1/,/.}" -v to="${EPOCHREALTIME/,/.}" 'BEGIN { printf "%.1f", to - from }'
}

# Makes a folder for this run, which is removed at the end.
make_work() {
    work=$(mktemp -d "${TMPDIR:-/tmp}/migtest-box.XXXXXX") || die "cannot make a folder for this run"
}

remove_work() {
    [ -z "$work" ] || rm -rf "$work"
}

# Quotes words so that any shell reads the same words.
quoted() {
    local word
    for word in "$@"; do
        printf "'%s' " "${word//\'/\'\\\'\'}"
    done
}
