#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Manifests that are none: exit 2, one message with its place, nothing started.
# shellcheck source=host/tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh" "$@"

expect_refused() {
    run run bad.yaml
    expect_status 2
    expect_err "$1"
    checks=$((checks + 1))
    [ "$(wc -l <err)" -eq 1 ] || fail "not one message"
    [ ! -e migtest-results ] || fail "results were made"
    run check bad.yaml
    expect_status 2
    expect_err "$1"
}

refused() {
    cat >bad.yaml
    expect_refused "$1"
}

rm -f bad.yaml
expect_refused 'migtest: cannot open bad.yaml: No such file'
: >bad.yaml
expect_refused 'bad.yaml: empty; expected a mapping'
refused 'bad.yaml:1:1: a list; expected a mapping' <<<'- one'
refused 'bad.yaml:[23]:[0-9]+: not YAML' <<<$'version: 1\nname: [unclosed'
refused 'bad.yaml:2:8: not YAML: control characters' <<<$'version: 1\nname: "\001"'
refused 'bad.yaml:1:1: no version; expected "version: 1"' <<<'plugins: {precopy: {}}'
refused 'bad.yaml:1:10: version is 2; expected 1' <<<'version: 2'
refused 'bad.yaml:2:1: unknown key "plugin".*did you mean "plugins"' <<<$'version: 1\nplugin: {}'
refused 'bad.yaml:3:1: duplicate key "smp"' <<<$'version: 1\nsmp: 1\nsmp: 2'
refused 'bad.yaml:2:6: smp is "many"; expected a whole number' <<<$'version: 1\nsmp: many'
refused 'bad.yaml:2:6: ram is 1MiB; expected between' <<<$'version: 1\nram: 1MiB'
refused 'bad.yaml:2:11: firmware is "seabois"; expected one of none, seabios; did you mean "seabios"' \
    <<<$'version: 1\nfirmware: seabois'
refused 'bad.yaml:2:11: "../x" cannot be a plugin.s name' <<<$'version: 1\nplugins: {../x: {}}'
refused 'bad.yaml:2:10: plugins is a list; expected a mapping' <<<$'version: 1\nplugins: [precopy]'
refused 'bad.yaml:3:23: unknown option "chanels".*did you mean "channels"' \
    <<<$'version: 1\nplugins:\n  multifd: {options: {chanels: 4}}'
refused 'bad.yaml:2:41: option channels is 0; expected between 1 and 255' \
    <<<$'version: 1\nplugins: {multifd: {options: {channels: 0}}}'
refused 'bad.yaml:2:[0-9]+: an entry of hosts without match' <<<$'version: 1\nhosts: [{slow: true}]'
refused 'bad.yaml:2:[0-9]+: unknown key "slwo".*did you mean "slow"' \
    <<<$'version: 1\nhosts: [{match: "elsewhere", slwo: true}]'

{
    echo 'version: 1'
    printf 'args: '
    printf '[%.0s' $(seq 10000)
} >bad.yaml
expect_refused 'bad.yaml:.*(nested too deep|not YAML)'
{
    echo 'version: 1'
    echo 'a: &a [x, x, x, x, x, x, x, x, x, x]'
    for name in b c d e f g h i; do
        previous=$(tr 'b-i' 'a-h' <<<"$name")
        echo "$name: &$name [$(printf "*$previous, %.0s" 1 2 3 4 5 6 7 8 9)*$previous]"
    done
} >bad.yaml
expect_refused 'bad.yaml:.*too much, with its aliases expanded'
head -c 100M /dev/zero | tr '\0' '#' >bad.yaml
expect_refused 'bad.yaml is larger than'
rm bad.yaml
mkdir bad.yaml
expect_refused 'migtest: cannot (open|read) bad.yaml: Is a directory'
rmdir bad.yaml

# What run only meets when it looks for the plugin, check finds, with its place and the nearest name.
printf 'version: 1\nplugins:\n  precpy: {}\n' >bad.yaml
run check bad.yaml
expect_status 2
expect_err 'bad.yaml:3:3: no plugin precpy.so on the plugin path; .*did you mean "precopy"'

# As long as a manifest may be, and longer than a worker takes it.
{ printf 'version: 1\nplugins: {fd: {}}\nargs: [-name, ' && head -c 1048520 /dev/zero | tr '\0' x && printf ']\n'; } >long.yaml
run run -t fd:precopy/fd/tcp long.yaml
expect_status 2
expect_err 'the job of a worker is [0-9]+ bytes long, and a worker takes 1048575'

run check
expect_status 2
expect_err 'check: expected a manifest'
run run --junit no-such-folder/junit.xml
expect_status 2
expect_err '--junit: cannot make a file in the folder of no-such-folder/junit.xml: No such file'
run run --no-such-option
expect_status 2
run run --slw
expect_status 2
expect_err 'did you mean --slow'
run rnu
expect_status 2
expect_err 'did you mean "run"'
run run -j 0
expect_status 2
run run -t no-such-test
expect_status 2
expect_err 'the selection is empty'
finish
