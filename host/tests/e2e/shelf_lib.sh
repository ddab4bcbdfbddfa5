# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash disable=SC2154
# For tests of the shelf, which is one of the test's own. QEMUs to put there are made from the installed one.
# Read after lib.sh.

export MIGTEST_SHELF=$work/shelf
qemu=$(readlink -f "$(command -v qemu-system-x86_64)")
# shellcheck disable=SC2034
version=$("$qemu" --version | sed -nE 's/.* version ([0-9.]+).*/\1/p')
libraries=usr/lib/x86_64-linux-gnu

# An unpacked package in the folder, loader and libraries included, as those of another release have them.
make_tree() {
    local library
    mkdir -p "$1/usr/bin" "$1/$libraries" "$1/usr/share/qemu" "$1/usr/share/seabios"
    cp "$qemu" "$1/usr/bin/qemu-system-x86_64"
    while read -r library; do
        cp -L "$library" "$1/$libraries/"
    done < <(ldd "$qemu" | sed -nE 's/.*=> (\/.*) \(.*/\1/p; s/^[[:space:]]*(\/.*) \(.*/\1/p')
    cp -RL /usr/share/qemu/. "$1/usr/share/qemu/"
    cp -L /usr/share/seabios/*.bin "$1/usr/share/seabios/"
}

# make_package TREE FILE: a .deb of the name that Debian's has.
make_package() {
    mkdir -p "$1/DEBIAN"
    printf '%s\n' 'Package: qemu-system-x86' 'Version: 1:9.9+test' 'Architecture: amd64' \
        'Maintainer: migtest <migtest@localhost>' 'Description: for a test' >"$1/DEBIAN/control"
    dpkg-deb -Znone -b "$1" "$2" >out 2>err || fail "dpkg-deb"
    rm -r "$1/DEBIAN"
}

# Nothing on the shelf but these, and nothing half there: a link and a folder of each.
expect_shelf() {
    local there
    checks=$((checks + 1))
    there=$(find "$MIGTEST_SHELF" -mindepth 1 -maxdepth 1 -type l -printf '%f ' | tr ' ' '\n' | sort | tr '\n' ' ')
    [ "${there# }" = "${*}${1+ }" ] || fail "on the shelf is: $there"
    [ "$(find "$MIGTEST_SHELF" -mindepth 1 -maxdepth 1 | wc -l)" -eq $((2 * $#)) ] ||
        fail "left behind: $(find "$MIGTEST_SHELF" -mindepth 1 -maxdepth 1)"
}

# expect_refusal STATUS MESSAGE: one message and nothing else.
expect_refusal() {
    expect_status "$1"
    expect_err "$2"
    checks=$((checks + 1))
    [ "$(grep -vc '^migtest: qemu: fetching' err)" -eq 1 ] || fail "not one message"
}
