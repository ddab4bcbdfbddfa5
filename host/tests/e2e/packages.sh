#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The packages: what is in them, and that migtest runs from where they put it.
# shellcheck source=host/tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh" "$@"

expect_listed() {
    checks=$((checks + 1))
    grep -qE -- "$1" listing || fail "$2 lacks $1: $(cat listing)"
}

expect_not_listed() {
    checks=$((checks + 1))
    ! grep -qE -- "$1" listing || fail "$2 has $1: $(cat listing)"
}

# What each kind of package must have, with its library folder.
expect_program() {
    expect_listed 'bin/migtest$' "$2"
    expect_listed "$1/libmigtest\\.so\\.1$" "$2"
    expect_listed "$1/migtest/migtest-worker$" "$2"
    expect_listed "$1/migtest/plugins/precopy\\.so$" "$2"
    expect_listed "$1/migtest/shelf/migtest-shelf$" "$2"
    expect_listed "$1/migtest/guest/guest\\.rom$" "$2"
    expect_listed 'share/migtest/config/nightly\.yaml$' "$2"
    expect_not_listed '/include/|\.pc$|libmigtest\.so$' "$2"
}

expect_kit() {
    expect_listed 'include/migtest/migtest\.h$' "$2"
    expect_listed "$1/libmigtest\\.so$" "$2"
    expect_listed "$1/cmake/migtest/migtestConfig\\.cmake$" "$2"
    expect_listed "$1/pkgconfig/migtest\\.pc$" "$2"
    expect_listed 'share/migtest/template/plugin\.c$' "$2"
    expect_listed 'share/migtest/example/devices\.c$' "$2"
    expect_not_listed 'bin/migtest$' "$2"
}

# Runs what was unpacked, and builds a plugin against it.
expect_works() {
    local prefix=$1 library=$2
    migtest=$prefix/bin/migtest
    run run -t precopy/fd/file --results "results-${library//\//-}"
    expect_status 0
    expect_out '1 passed'
    rm -rf mine
    run plugin new mine
    expect_status 0
    PKG_CONFIG_PATH=$prefix/$library/pkgconfig
    export PKG_CONFIG_PATH
    # By eval, since pkg-config escapes blanks in paths for a shell.
    eval "cc -shared -fPIC mine/mine.c -o mine/mine.so $(pkg-config --cflags --libs migtest)" ||
        fail "building with pkg-config"
    run plugin show mine/mine.so
    expect_status 0
    cmake -S "$prefix/share/migtest/example" -B "mine/example" "-DCMAKE_PREFIX_PATH=$prefix" >out 2>&1 ||
        fail "configuring with CMake"
}

(cd "$build" && cpack -G "DEB;RPM;TGZ" -B "$work/packages") >out 2>err || fail "cpack"
architecture=$(dpkg-architecture -qDEB_HOST_MULTIARCH)

dpkg-deb -c packages/migtest_*.deb | awk '{ print $6 }' >listing
expect_program "usr/lib/$architecture" "the deb"
dpkg-deb -c packages/migtest-dev_*.deb | awk '{ print $6 }' >listing
expect_kit "usr/lib/$architecture" "the dev deb"
dpkg-deb -I packages/migtest_*.deb >out
expect_out 'Depends: .*libcmocka0.*libelf1.*libjansson4'
dpkg-deb -I packages/migtest-dev_*.deb >out
expect_out 'Depends: migtest \(= [0-9.]+\), libcmocka-dev'

rpm -qlp packages/migtest-[0-9]*.rpm >listing
expect_program 'usr/lib64' "the rpm"
rpm -qlp packages/migtest-dev-*.rpm >listing
expect_kit 'usr/lib64' "the dev rpm"

tar tf packages/migtest-[0-9]*.tar.gz >listing
expect_program 'lib' "the archive"
tar tf packages/migtest-dev-*.tar.gz >listing
expect_kit 'lib' "the dev archive"

# A database of packages of its own, so that dpkg really installs them, scripts and all, and nothing of
# this host's changes.
mkdir -p root/var/lib/dpkg/updates root/var/lib/dpkg/info
touch root/var/lib/dpkg/status root/var/lib/dpkg/available
dpkg --root="$work/root" --force-depends --force-not-root --force-script-chrootless --force-unsafe-io -i packages/*.deb >out 2>err ||
    fail "dpkg -i"
expect_works "$work/root/usr" "lib/$architecture"

mkdir archive
tar xf packages/migtest-[0-9]*.tar.gz -C archive
tar xf packages/migtest-dev-*.tar.gz -C archive
mv archive/migtest-* "archive/moved elsewhere"
expect_works "$work/archive/moved elsewhere" lib
expect_nothing_left
finish
