#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# What --help, the manual pages, the shells' completion and the schema say is what migtest does.
# shellcheck source=host/tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh" "$@"

page=$source_tree/docs/migtest.1

# Each command of the overview has a help of its own, and each option in that stands in the manual.
sed 's/\\-/-/g' "$page" >plain
run --help
expect_status 0
mapfile -t commands < <(sed -nE 's/^  migtest ([a-z]+( [a-z]+)?) .*/\1/p' out)
[ "${#commands[@]}" -ge 6 ] || fail "the overview names ${#commands[@]} commands"
for command in "${commands[@]}"; do
    read -ra words <<<"$command"
    run "${words[@]}" --help
    expect_status 0
    expect_out "^usage: migtest $command"
    checks=$((checks + 1))
    grep -qE "^\.B migtest $command" "$page" || fail "the manual page lacks the command $command"
    while read -r option; do
        checks=$((checks + 1))
        grep -qE -- "$option([^a-z-]|$)" plain ||
            fail "the manual page lacks $option of $command"
    done < <(grep -oE -- '--[a-z][a-z-]*' out | sort -u)
done
for page in "$source_tree"/docs/*.[15]; do
    checks=$((checks + 1))
    man --warnings -l "$page" >/dev/null 2>man.err
    [ ! -s man.err ] || fail "$page: $(cat man.err)"
done

# As bash completes it.
complete_words() {
    COMP_WORDS=("$migtest" "$@")
    COMP_CWORD=$#
    _migtest
    printf '%s\n' "${COMPREPLY[@]}" >out
}
# shellcheck source=host/cli/completion/migtest.bash
. "$source_tree/host/cli/completion/migtest.bash"
complete_words re
expect_out '^report$'
complete_words run --ret
expect_out '^--retries$'
complete_words run --color al
expect_out '^always$'
complete_words run -t multifd:multifd/tcp/plain/can
expect_out '^multifd:multifd/tcp/plain/cancel$'
MIGTEST_SHELF=$work/shelf
mkdir -p "$MIGTEST_SHELF/trixie" "$MIGTEST_SHELF/own-build"
complete_words run --source tri
expect_out '^trixie$'
complete_words qemu remove own
expect_out '^own-build$'
complete_words qemu fet
expect_out '^fetch$'

# By the schema, what people copy is right, and most of what the reader refuses is wrong.
cat >validate.py <<'END'
import json, sys, yaml, jsonschema

class Loader(yaml.SafeLoader):
    """Dates stay text, as migtest reads them."""

Loader.yaml_implicit_resolvers = {
    first: [(tag, form) for tag, form in forms if not tag.endswith(":timestamp")]
    for first, forms in yaml.SafeLoader.yaml_implicit_resolvers.items()}
schema = json.load(open(sys.argv[1]))
jsonschema.Draft7Validator.check_schema(schema)
validator = jsonschema.Draft7Validator(schema)
for path in sys.argv[2:]:
    try:
        faults = list(validator.iter_errors(yaml.load(open(path), Loader)))
    except (yaml.YAMLError, ValueError):
        faults = ["no YAML"]
    print("bad" if faults else "good", path)
END
validate() {
    /usr/bin/python3 validate.py "$source_tree/config/manifest.schema.json" "$@" >out 2>err ||
        fail "the schema cannot be used"
    checks=$((checks + 1))
}
validate "$source_tree"/config/*.yaml
! grep -q '^bad' out || fail "the schema refuses $(grep '^bad' out)"
validate "$source_tree"/host/tests/manifest/bad/*.yaml
[ "$(grep -c '^bad' out)" -ge 50 ] || fail "the schema takes too much: $(grep '^good' out)"
finish
