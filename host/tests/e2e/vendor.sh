#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# A vendor with nothing but an installed migtest: the tutorial, and a plugin built outside of this tree.
# shellcheck source=host/tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh" "$@"

prefix=$work/prefix
cmake --install "$build" --prefix "$prefix" >install.log || fail "cmake --install"
migtest=$prefix/bin/migtest
export PATH=$prefix/bin:$PATH CMAKE_PREFIX_PATH=$prefix PKG_CONFIG_PATH=$prefix/lib/pkgconfig

# Each command of the tutorial, as it stands there.
sed -n 's/^    \$ //p' "$prefix/share/doc/migtest/plugins.md" >tutorial
[ "$(wc -l <tutorial)" -ge 8 ] || fail "the tutorial has lost its commands"
mkdir clean
(cd clean && bash -eux "$work/tutorial" >"$work/out" 2>"$work/err" </dev/null) || fail "the tutorial"
checks=$((checks + 1))
[ "$(grep -c '1 test: 1 passed' out)" -eq 2 ] || fail "the tutorial's two runs did not pass"
expect_out '^name +acme'
grep -rlF '@NAME@' clean && fail "a placeholder is left in the project"

# The project's own test, and names that cannot be.
ctest --test-dir clean/acme/build >out 2>&1 || fail "ctest in the new project"
run plugin new Acme
expect_status 2
expect_err '"Acme" cannot be a plugin.s name; expected lower-case letters'
run plugin new ../acme
expect_status 2
mkdir taken
run plugin new taken
expect_status 2
expect_err 'cannot make the folder taken: File exists'

# The vendor's plugin: devices that its YAML names, on both sides, bit for bit.
cp -r "$source_tree/host/tests/vendor" vendor
cmake -S vendor -B vendor/build >out 2>&1 || fail "configuring the vendor's plugin"
cmake --build vendor/build >out 2>&1 || fail "building the vendor's plugin"
run run vendor/devices.yaml
expect_status 0
expect_outcome devices arrive passed
expect_journal ' -device vmxnet3 '
expect_journal ' -device isa-ipmi-kcs,bmc=bmc'
if [ -n "${3-}" ]; then
    run run --destination "$3" vendor/devices.yaml
    expect_status 0
    expect_journal 'pciespscsi.esp.mig_version_id'
fi

# What is installed finds all of its own parts there.
run run -t precopy/fd/tcp "$prefix/share/migtest/config/default.yaml"
expect_status 0
expect_journal "\"file\":\"$prefix/lib/migtest/plugins/fd.so\""
expect_nothing_left
finish
