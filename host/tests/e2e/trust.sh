#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Whose plugins are loaded, and from where.
# shellcheck source=host/tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh" "$@"

manifest <<'END'
version: 1
plugins: {evil: {}}
END
mkdir plugins
cp "$build/tests/plugins/evil.so" plugins/

try() {
    run run --plugin-path plugins -t 'well-behaved' "$@" manifest.yaml
}

expect_refused() {
    expect_status 1
    expect_outcome evil load error "$1"
}

expect_taken() {
    expect_status 0
    expect_outcome evil well-behaved passed
}

# The work folder stands in the system's sticky one, which is no fault.
try
expect_taken
expect_journal "\"file\":\"$work/plugins/evil.so\""

chmod o+w plugins/evil.so
try
expect_refused "everybody may write to $work/plugins/evil.so, .*: chmod o-w '?$work/plugins/evil.so'?, or --allow-insecure-plugins"
try --allow-insecure-plugins
expect_taken
chmod o-w plugins/evil.so

chmod o+w plugins
try
expect_refused "everybody may write to $work/plugins, .*chmod o-w '?$work/plugins'?"
run plugin show plugins/evil.so
expect_status 1
expect_err "everybody may write to $work/plugins"
run plugin show --allow-insecure-plugins plugins/evil.so
expect_status 0
chmod +t plugins
try
expect_taken
chmod o-wt plugins

# Further up, and behind a link.
mkdir -p open/inner
mv plugins/evil.so open/inner/
ln -s ../open/inner/evil.so plugins/evil.so
chmod o+w open
try
expect_refused "everybody may write to $work/open,"
chmod o-w open
try
expect_taken
chmod o+w plugins
try
expect_refused "everybody may write to $work/plugins,"
chmod o-w plugins
rm plugins/evil.so
mv open/inner/evil.so plugins/

# Its group may, if that is its owner's own.
chmod g+w plugins/evil.so
try
expect_taken
if [ "$(id -u)" -eq 0 ]; then
    chgrp 65534 plugins/evil.so
    try
    expect_refused "its group may write to $work/plugins/evil.so, .*chmod g-w"
    chgrp 0 plugins/evil.so
    chown 65534 plugins/evil.so
    try
    expect_refused "$work/plugins/evil.so belongs to nobody; expected root or .*: chown root '?$work/plugins/evil.so'?, or"
    chown 0 plugins/evil.so
    chmod g-w plugins/evil.so
    chown 65534 plugins
    try
    expect_refused "$work/plugins belongs to nobody"
    chown 0 plugins
fi

# Neither the current folder nor the loader's variables name a plugin.
cp plugins/evil.so fd.so
cp plugins/evil.so libmigtest.so.1
manifest <<'END'
version: 1
plugins: {fd: {}}
END
echo 'no library' >libjansson.so.4
run run -t precopy/fd/tcp manifest.yaml
expect_status 0
rm libjansson.so.4
export LD_LIBRARY_PATH=$work
run run -t precopy/fd/tcp manifest.yaml
expect_status 0
expect_journal "\"file\":\"$build/lib/migtest/plugins/fd.so\""
unset LD_LIBRARY_PATH
expect_nothing_left
finish
