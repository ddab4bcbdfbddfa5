# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash disable=SC2034,SC2154,SC1007
# What the parts of migtest-box share: how they speak, where they keep things, what they clean up.

# Where depmod and modprobe are, whoever looks for them.
PATH=$PATH:/usr/sbin:/sbin

cache=${XDG_CACHE_HOME:-${HOME:-/nonexistent}/.cache}/migtest/box
work=

# migtest itself failed, as its exit status says; whatever was started or made is undone on the way out.
die() {
    printf 'migtest: box: %s\n' "$*" >&2
    exit 3
}

# The same for what is shared with migtest-shelf, which returns.
complain() {
    printf 'migtest: box: %s\n' "$*" >&2
    return 3
}

refuse() {
    complain "$@"
}

# What only who asked for it wants to know.
mention() {
    [ "$verbose" = no ] || printf 'migtest: box: %s\n' "$*" >&2
}

seconds_since() {
    # Its point is a comma in some languages.
    awk -v from="${1/,/.}" -v to="${EPOCHREALTIME/,/.}" 'BEGIN { printf "%.1f", to - from }'
}

# A folder of this run's own, which goes with it.
make_work() {
    work=$(mktemp -d "${TMPDIR:-/tmp}/migtest-box.XXXXXX") || die "cannot make a folder for this run"
}

remove_work() {
    [ -z "$work" ] || rm -rf "$work"
}

# By a shell of any kind read back as the same words.
quoted() {
    local word
    for word in "$@"; do
        printf "'%s' " "${word//\'/\'\\\'\'}"
    done
}
