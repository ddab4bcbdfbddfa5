#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# QEMUs of one's own on the shelf: put there from whatever they lie in, named wherever a QEMU is, and taken away.
# shellcheck source=host/tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh" "$@"
# shellcheck source=host/tests/e2e/shelf_lib.sh
. "$(dirname "$0")/shelf_lib.sh"

run qemu list
expect_status 0
expect_out 'the shelf is empty; migtest qemu fetch SUITE'

# A build tree, as QEMU's own build leaves it.
mkdir -p source/build/pc-bios source/pc-bios
cp "$qemu" source/build/qemu-system-x86_64
cp -L /usr/share/seabios/*.bin source/pc-bios/
cp -L /usr/share/qemu/*.rom /usr/share/qemu/*.bin source/build/pc-bios/
run qemu add mine source
expect_status 0
expect_out "^mine: QEMU $version, $MIGTEST_SHELF/mine/qemu-system-x86_64$"
expect_err 'mine is of a build tree'
run qemu add mine source/build/qemu-system-x86_64
expect_status 0
expect_shelf mine

# What is there is a copy, which needs the tree no more.
rm -r source
manifest <<'END'
version: 1
qemu: {source: mine, destination: {binary: mine}}
plugins: {precopy: {}}
END
run run -t precopy/unix/plain manifest.yaml
expect_status 0
expect_journal "\"source\":\"$MIGTEST_SHELF/mine/qemu-system-x86_64\""

run qemu add installed "$qemu"
expect_status 0
expect_err 'installed is of an installed program'

# A prefix that more than QEMU is installed to, read-only as a store of packages is.
mkdir -p prefix/bin prefix/share/qemu
cp "$qemu" prefix/bin/qemu-system-x86_64
cp -L /usr/share/seabios/*.bin prefix/share/qemu/
echo >prefix/share/other
chmod -R a-w prefix
run qemu add installed prefix
expect_status 0
expect_err 'installed is of an installed program'
checks=$((checks + 1))
[ -z "$(find "$MIGTEST_SHELF/installed/" -name other -o ! -type l ! -perm -u+w)" ] ||
    fail "more is there than QEMU, or it cannot be changed"
chmod -R u+w prefix

# An unpacked package with a loader and libraries of its own; the loader's link leads to the system's own.
make_tree tree
mkdir tree/lib64
ln -s "/$libraries/ld-linux-x86-64.so.2" tree/lib64/ld-linux-x86-64.so.2
run qemu add tree tree
expect_status 0
expect_err 'tree is of an unpacked package'
checks=$((checks + 1))
grep -q "ld-linux-x86-64.so.2\" --library-path \"\$here/$libraries\"" "$MIGTEST_SHELF/tree/qemu-system-x86_64" ||
    fail "it is not run by its own loader"

make_package tree one.deb
run qemu add package one.deb
expect_status 0
expect_err 'package is of packages'
expect_shelf installed mine package tree

# It can be moved, and called by a link.
mv "$MIGTEST_SHELF" "$work/moved shelf"
export MIGTEST_SHELF="$work/moved shelf"
ln -s "$MIGTEST_SHELF/tree/qemu-system-x86_64" link
checks=$((checks + 1))
./link --version | grep -qF "$version" || fail "it does not start by a link"
run qemu list
expect_status 0
id=$(file -L "$qemu" | sed -nE 's/.*BuildID\[sha1\]=([0-9a-f]+).*/\1/p')
for name in installed mine package tree; do
    expect_out "^$name +$version +${id:0:12} .*$MIGTEST_SHELF/$name/qemu-system-x86_64"
done
expect_out 'qemu-system-x86 1:9.9\+test'
run qemu list --json
expect_out "\"build_id\": \"$id\""
run run -t precopy/unix/plain --source package --destination "$MIGTEST_SHELF/tree/qemu-system-x86_64"
expect_status 0
expect_journal "\"source\":\"$MIGTEST_SHELF/package/qemu-system-x86_64\""
expect_journal "\"destination\":\"$MIGTEST_SHELF/tree/qemu-system-x86_64\""

# What was put there is broken by somebody; what is known of it is said, and how to mend it.
mv "$MIGTEST_SHELF/tree/$libraries/libglib-2.0.so.0" kept
run run -t precopy/unix/plain --source tree
expect_status 2
expect_err \
    "the source cannot be used: the shelf's tree is not whole: $libraries/libglib-2.0.so.0 is gone; migtest qemu add tree FILE replaces it"
echo >"$MIGTEST_SHELF/tree/$libraries/libglib-2.0.so.0"
rm "$MIGTEST_SHELF/mine/qemu-system-x86_64"
printf '#!/bin/sh\nexit 7\n' >"$MIGTEST_SHELF/installed/qemu-system-x86_64"
run qemu list
expect_status 1
expect_out "^installed +does not start: .*exited with status 7"
expect_out "^mine +does not start: the shelf's mine is not whole: qemu-system-x86_64 is gone"
expect_out "^package +$version"
expect_out "^tree +does not start: .*: error while loading shared libraries: .*file too short; it is the shelf's tree, which migtest qemu add"
mv kept "$MIGTEST_SHELF/tree/$libraries/libglib-2.0.so.0"

# Names that are not there.
printf 'version: 1\nqemu:\n  source: packege\nplugins: {precopy: {}}\n' >manifest.yaml
run check manifest.yaml
expect_status 0
expect_err 'warning: manifest.yaml:3:11: the source cannot run here: there is no packege on .*did you mean "package"\?'
run run --dry-run --source forky-backports
expect_status 2
expect_err 'there is no forky-backports on the shelf or the PATH; migtest qemu fetch forky-backports gets it'
run qemu remove packege
expect_refusal 2 'there is no packege on the shelf; did you mean "package"\?'

# What is on the shelf goes before what is on the PATH.
run qemu add true "$qemu"
expect_status 0
run run -t precopy/unix/plain --source true
expect_journal "\"source\":\"$MIGTEST_SHELF/true/qemu-system-x86_64\""

run qemu remove installed mine true
expect_status 0
expect_shelf package tree

# Of a link that somebody else has made, only the link is removed.
mkdir precious
for target in "$work/precious" ../precious; do
    ln -s "$target" "$MIGTEST_SHELF/foreign"
    run qemu remove foreign
    expect_status 0
    checks=$((checks + 1))
    [ -d precious ] || fail "what the link to $target led to is gone"
done
expect_shelf package tree

# What is there is removed, though something else of the same command cannot be.
ln -s nowhere "$MIGTEST_SHELF/foreign"
run qemu remove foreign foreign
expect_refusal 2 'there is no foreign on the shelf'
expect_shelf package tree

# Nothing that is wrong leaves a trace, and what was there before stays.
for name in qemu-x .hidden a/b -x 'a b' ''; do
    run qemu add "$name" "$qemu"
    expect_refusal 2 'can be no name on the shelf|unknown option'
done
run qemu add x /nonexistent
expect_refusal 2 'there is no /nonexistent'
run qemu add x /bin/true
expect_refusal 2 'the QEMU of /bin/true does not start here'
run qemu add x "$MIGTEST_SHELF/tree/qemu-system-x86_64"
expect_refusal 2 'is a script; expected the program that it starts'
run qemu add x /usr
expect_refusal 2 "is this system's own"
mkdir empty
run qemu add x empty
expect_refusal 2 'empty holds no QEMU for x86_64'
run qemu add x one.deb empty
expect_refusal 2 'empty is no .deb file'
head -c 1000000 one.deb >broken.deb
run qemu add package broken.deb
expect_refusal 3 'cannot unpack broken.deb: '
echo text >text.deb
run qemu add package text.deb
expect_refusal 2 'text.deb is no Debian package'
echo >"tree/$libraries/libglib-2.0.so.0"
run qemu add tree tree
expect_refusal 2 'does not start here: .*error while loading shared libraries: .*file too short'
status=0
(ulimit -f 2000 && exec "$migtest" qemu add package one.deb) >out 2>err </dev/null || status=$?
expect_refusal 3 'cannot unpack one.deb: .*(File size limit|File too large)'
expect_shelf package tree
run qemu list
expect_status 0
expect_nothing_left
finish
