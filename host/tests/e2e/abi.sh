#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Plugins of another time: older ones run, newer ones where they need nothing new, and else say what they need.
# shellcheck source=host/tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh" "$@"

manifest <<'END'
version: 1
plugins:
  older: {}
  newer-unneeded: {}
  newer-function: {}
  newer-member: {}
  reaches-in: {}
END
run run --plugin-path "$build/tests/plugins/abi" manifest.yaml
expect_status 1
expect_outcome older migrates passed
expect_outcome newer-unneeded note passed
expect_outcome newer-function load error 'newer-function.so needs ABI 1.1 \(for mt_future\), this migtest has 1.0'
expect_outcome newer-member load error 'note uses a member of struct mt_test that this migtest \(ABI 1.0\) does not know'
expect_outcome reaches-in load error 'reaches-in.so uses mt_pair_destroy, which is migtest.s own \(MIGTEST_PRIVATE\)'
run plugin show "$build/tests/plugins/abi/newer-unneeded.so"
expect_status 0
expect_out '^ABI +1\.0, built with the headers of 1\.1$'

# What the library exports, and what it calls itself.
checks=$((checks + 1))
nm -D --defined-only --with-symbol-versions "$build/lib/libmigtest.so.1" >out
! grep -vE ' A MIGTEST_(1\.[0-9]+|PRIVATE)$| T mt_[a-z_]+@@MIGTEST_(1\.[0-9]+|PRIVATE)$' out ||
    fail "libmigtest exports what is not its own"
readelf -d "$build/lib/libmigtest.so.1" >out
expect_out 'SONAME.*\[libmigtest\.so\.1\]'
finish
