#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# What a host changes, what is required, and where plugins come from.
# shellcheck source=host/tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh" "$@"

manifest <<'END'
version: 1
plugins:
  precopy: {}
  fd: {}
hosts:
  - match: "builder-*"
    plugins: {precopy: {enabled: false, reason: "shared cores"}}
  - match: "kvm-*"
    plugins: {precopy: {require: [kvm, dirty-ring, version]}}
END
run run --host builder-7 -t precopy/fd/tcp --junit junit.xml manifest.yaml
expect_status 0
expect_out 'DISABLED plugin precopy: shared cores'
expect_outcome fd precopy/fd/tcp passed
valid_junit junit.xml
run list --host builder-7 manifest.yaml
expect_status 0
expect_out 'disabled plugin precopy  \[shared cores\]'
run check --resolved --host builder-7 manifest.yaml
expect_status 0
expect_out 'precopy: \{enabled: false, reason: shared cores, require: \[\]\}'
cp out resolved.yaml
run check resolved.yaml
expect_status 0

# A lack is a skip, and a failure where it is required.
if [ -n "${3-}" ]; then
    run run --source "$3" -t precopy/unix/suspend/live manifest.yaml
    expect_status 1
    expect_out 'nothing of the selection can run here'
    run run --source "$3" --host kvm-1 -t precopy/unix/suspend/live manifest.yaml
    expect_status 1
    expect_outcome precopy precopy/unix/suspend/live failed 'version is required by the manifest'
fi

# Of two files with one name the first on the path wins, and the other is named.
mkdir first
cp "$build/lib/migtest/plugins/fd.so" first/
run list --plugin-path "$work/first" manifest.yaml
expect_status 0
expect_err "plugin fd: $work/first/fd.so comes first on the plugin path; .*lib/migtest/plugins/fd.so is not used"

run plugin show "$build/lib/migtest/plugins/multifd.so"
expect_status 0
expect_out '^ABI +1.0'
expect_out 'option +channels: int, default 16, from 1, to 255'
expect_out 'test +multifd/tcp/plain/cancel: After a cancelled migration'
run plugin show /bin/true
expect_status 1
expect_err 'has no note of its ABI|is not a shared object'

run doctor
expect_status 0
expect_out '^source +QEMU [0-9.]+'
expect_out '^tcg +works: [0-9]+ ms'
run run --dry-run
expect_status 0
expect_out 'run +precopy:precopy/unix/plain'
finish
