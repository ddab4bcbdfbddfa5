#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Boxes that cannot be: each is explained in one message, with what its console said where it came up,
# and leaves nothing behind.
# shellcheck source=host/tests/e2e/box_lib.sh
. "$(dirname "$0")/box_lib.sh" "$@"

# expect_fault STATUS MESSAGE: one message of ours, whatever the console says after it.
expect_fault() {
    expect_status "$1"
    expect_err "$2"
    checks=$((checks + 1))
    [ "$(grep '^migtest: ' err | grep -vc 'its console')" -eq 1 ] || fail "not one message"
    expect_nothing_left
}

# An emulator that does to its arguments what the line says.
emulator() {
    printf '#!/bin/bash\n%s\nexec qemu-system-x86_64 "$@"\n' "$2" >"$1"
    chmod 755 "$1"
}

run box
expect_fault 2 'box: expected a command'
run box --memory 1MiB list
expect_fault 2 '--memory is "1MiB"; expected a size such as 2GiB'
run box --kernel /nonexistent --modules / list
expect_fault 3 'there is no kernel /nonexistent'
run box --kernel "$fetched/vmlinuz" list
expect_fault 3 '--kernel needs --modules'
run box --kernel "$fetched/vmlinuz" --modules /usr/share list
expect_fault 3 'lacks modules that a box needs'
run box run nonexistent.yaml
expect_fault 2 'nonexistent.yaml'
run box run --junit nonexistent/sub.xml
expect_fault 2 '--junit: '
run box --deadline 100 list --source nonexistent
expect_fault 3 'there is no nonexistent on the shelf or the PATH'

full=$XDG_CACHE_HOME
export XDG_CACHE_HOME=$work/empty
run box list
expect_fault 3 'there is no kernel for the box; migtest box --fetch'
mkdir -p "$work/empty/migtest/box"
ln -s "$(readlink -f "$fetched")" "$work/empty/migtest/box/fetched"
# As on a full disk: what may not grow cannot be written.
run_small() {
    status=0
    (ulimit -f 20000 && exec "$migtest" "$@") >out 2>err </dev/null || status=$?
}
run_small box list
expect_fault 3 "cannot write the box's image to "
[ -z "$(ls "$work/empty/migtest/box/images")" ] || fail "a part of an image is left"
export XDG_CACHE_HOME=$full

# shellcheck disable=SC2016
emulator no-tcg 'case "$*" in *tcg*) echo "$0: invalid accelerator tcg" >&2; exit 1 ;; esac'
run box --emulator ./no-tcg list
expect_fault 3 'no-tcg cannot start the box: .*invalid accelerator tcg'
# shellcheck disable=SC2016
emulator no-svm 'set -- "${@/#max,/max,svm=off,}"'
run box --emulator ./no-svm list
expect_fault 3 'emulates it has no SVM'
# shellcheck disable=SC2016
emulator panics 'set -- "${@/#console=ttyS0/console=ttyS0 rdinit=/none root=/none}"'
run box --emulator ./panics list
expect_fault 3 'the box ended by itself, before'
expect_err 'Kernel panic'
# shellcheck disable=SC2016
emulator hangs 'set -- -S "$@"'
run box --emulator ./hangs --deadline 3 list
expect_fault 3 'it did not come up within 3 s'
finish
