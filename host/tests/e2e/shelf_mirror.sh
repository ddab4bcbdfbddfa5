#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# QEMUs of suites, from a mirror on this machine: what is fetched, what cannot be, and what is interrupted.
# shellcheck source=host/tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh" "$@"
# shellcheck source=host/tests/e2e/shelf_lib.sh
. "$(dirname "$0")/shelf_lib.sh"

# use_mirror SOURCE: from now on apt is configured with that.
use_mirror() {
    printf 'Dir::Etc::sourcelist "%s/sources.list";\nDir::Etc::sourceparts "/dev/null";\n' "$work" >apt.conf
    printf '%s\n' "$1" >sources.list
    export APT_CONFIG=$work/apt.conf
}

# make_suite SUITE PACKAGE: below mirror/, with that package.
make_suite() {
    local folder=mirror/dists/$1/main/binary-amd64
    mkdir -p "$folder"
    cp "$2" mirror/
    {
        dpkg-deb -f "$2"
        printf 'Filename: %s\nSize: %s\nSHA256: %s\n\n' "$2" "$(stat -c %s "$2")" "$(sha256sum <"$2" | cut -d ' ' -f 1)"
    } >"$folder/Packages"
    printf '%s\n' 'Origin: Debian' 'Label: Debian' "Suite: $1" "Codename: $1" "Date: $(LC_ALL=C date -Ru)" \
        'Components: main' 'Architectures: amd64' 'SHA256:' \
        " $(sha256sum <"$folder/Packages" | cut -d ' ' -f 1) $(stat -c %s "$folder/Packages") main/binary-amd64/Packages" \
        >"mirror/dists/$1/Release"
}

# Both formats of apt's; others' sources are there as well.
use_mirror "# Debian
deb [arch=amd64] http://127.0.0.1:1/extra forky-updates main
deb [trusted=yes] file:$work/mirror/debian/../ forky main contrib"
mkdir -p mirror/debian
make_tree tree
make_package tree qemu-system-x86.deb
make_suite forky qemu-system-x86.deb
# The backports have something, but no QEMU.
mkdir -p other/DEBIAN
printf '%s\n' 'Package: other' 'Version: 1' 'Architecture: all' 'Maintainer: migtest <migtest@localhost>' \
    'Description: for a test' >other/DEBIAN/control
dpkg-deb -b other other.deb >out
make_suite forky-backports other.deb

run qemu fetch forky
expect_status 0
expect_out "^forky: QEMU $version, $MIGTEST_SHELF/forky/qemu-system-x86_64$"
expect_shelf forky
run qemu list
expect_status 0
expect_out "^forky +$version +[0-9a-f]{12}  qemu-system-x86 1:9.9\\+test "
run run -t precopy/unix/plain --source forky
expect_status 0

# What there is none of; one that fails does not keep the others from being fetched.
run qemu fetch duke forky-backports forky
expect_status 2
expect_err 'mirror/debian/../ has no suite duke$'
expect_err 'forky-backports has no QEMU of its own; forky has 1:9.9\+test$'
expect_out '^forky: '
expect_shelf forky

# The old one stays where the new one is broken, or cannot be had.
first=$(readlink "$MIGTEST_SHELF/forky")
head -c 1000000 qemu-system-x86.deb >mirror/qemu-system-x86.deb
run qemu fetch forky
expect_refusal 3 'cannot download the QEMU of forky: '
cp qemu-system-x86.deb mirror/
use_mirror "deb [trusted=yes] http://127.0.0.1:1/debian forky main"
run qemu fetch forky
expect_refusal 3 'cannot get the lists of forky from http://127.0.0.1:1/debian: .*Could not connect'
use_mirror "deb file:$work/mirror forky main"
run qemu fetch forky
expect_refusal 3 'cannot get the lists of forky from .*is not signed'
use_mirror "deb file:$work/mirror forky other"
run qemu fetch forky
expect_refusal 3 "apt is configured with no mirror of Debian's main packages"
printf 'Types: deb\nURIs: file:%s/mirror\nSuites: forky\nComponents: main\nTrusted: yes\n' "$work" >debian.sources
sed -i 's/sources.list/debian.sources/' apt.conf
status=0
(ulimit -f 2000 && exec "$migtest" qemu fetch forky) >out 2>err </dev/null || status=$?
expect_refusal 3 'cannot (get|download|unpack) .*(File size limit|File too large|signal 25)'
checks=$((checks + 1))
[ "$(readlink "$MIGTEST_SHELF/forky")" = "$first" ] || fail "the old one did not stay"
expect_shelf forky

# One that works is not fetched again, where only missing ones are asked for.
run qemu fetch --missing forky
expect_status 0
checks=$((checks + 1))
[ "$(readlink "$MIGTEST_SHELF/forky")" = "$first" ] || fail "it was fetched again"

# Interrupted, as soon as there is something that could be left: by signals that can be seen, and by one that
# cannot, whose remains the next one removes.
interrupt() {
    local pid
    setsid env --default-signal=INT "$migtest" qemu fetch forky >out 2>err </dev/null &
    pid=$!
    until [ "$(find "$MIGTEST_SHELF" -mindepth 2 -maxdepth 2 -name apt | wc -l)" -gt 0 ]; do
        kill -0 "$pid" 2>/dev/null || fail "it ended before it was interrupted"
        sleep 0.01
    done
    kill -s "$1" "$pid"
    status=0
    wait "$pid" || status=$?
}
for signal in INT TERM; do
    interrupt "$signal"
    expect_status $((128 + $(kill -l "$signal")))
    expect_shelf forky
done
interrupt KILL
expect_status 137
run qemu fetch forky
expect_status 0
for _ in {1..100}; do
    [ "$(find "$MIGTEST_SHELF" -mindepth 1 -maxdepth 1 | wc -l)" -ne 2 ] || break
    # What the killed one had started may hold its folder for a moment.
    sleep 0.1
    run qemu add other "$qemu"
    run qemu remove other
done
expect_shelf forky

# Two at once.
"$migtest" qemu fetch forky >out.1 2>err.1 </dev/null &
run qemu fetch forky
expect_status 0
wait $! || fail "the other one of two: $(cat err.1)"
expect_shelf forky
run qemu list
expect_status 0
expect_nothing_left
finish
