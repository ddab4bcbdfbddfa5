#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Plugins of another time and in other languages: older ones run, newer ones where they need nothing new, and else
# say what they need.
# shellcheck source=host/tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh" "$@"

# By another compiler, which leaves other things unset.
mkdir clang
clang -O2 -ftrivial-auto-var-init=pattern -Wall -Werror -shared -fPIC -DNAME='"clang"' -I"$source_tree/include" \
    -o clang/clang.so "$source_tree/host/tests/abi/clang_plugin.c" "$build/lib/libmigtest.so.1"

# In each language that a plugin may be written in, without a warning.
languages=$source_tree/host/tests/abi/languages.c
strict=(-Wall -Wextra -Wpedantic -Wshadow -Werror -I"$source_tree/include" -DNAME='"languages"')
checks=$((checks + 1))
for standard in c11 c17 gnu2x; do
    for compiler in gcc clang; do
        "$compiler" "-std=$standard" "${strict[@]}" -fsyntax-only "$languages" ||
            fail "$compiler does not take a plugin in $standard"
    done
done
for standard in c++17 c++20; do
    for compiler in g++ clang++; do
        "$compiler" -x c++ "-std=$standard" "${strict[@]}" -fsyntax-only "$languages" ||
            fail "$compiler does not take a plugin in $standard"
    done
done
mkdir languages
g++ -x c++ -std=c++17 -O2 -fvisibility=hidden "${strict[@]}" -shared -fPIC -o languages/languages.so "$languages" \
    -x none "$build/lib/libmigtest.so.1" -lcmocka

manifest <<'END'
version: 1
plugins:
  older: {}
  newer-unneeded: {}
  newer-function: {}
  newer-member: {}
  newer-reserved: {}
  reaches-in: {}
  clang: {}
  languages: {}
END
run run --plugin-path "$build/tests/plugins/abi" --plugin-path clang --plugin-path languages manifest.yaml
expect_status 1
expect_outcome older migrates passed
expect_outcome newer-unneeded note passed
expect_outcome newer-function load error 'newer-function.so needs ABI 1.1 \(for mt_future\), this migtest has 1.0'
expect_outcome newer-member load error 'note uses a member of struct mt_test that this migtest \(ABI 1.0\) does not know'
expect_outcome newer-reserved load error 'note uses a member of struct mt_test that this migtest \(ABI 1.0\) does not know'
expect_outcome clang migrates passed
expect_outcome languages languages/plain passed
expect_outcome languages languages/in-steps passed
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
