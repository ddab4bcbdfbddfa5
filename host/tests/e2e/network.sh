#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# A test has a network of its own, unless it or the manifest may use the host's, or the kernel has none for it.
# shellcheck source=host/tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh" "$@"

# migtest as somebody who is not root, whom this script may be run by.
as_user=()
if [ "$(id -u)" -eq 0 ]; then
    as_user=(setpriv --reuid 65534 --regid 65534 --clear-groups)
    chmod 755 "$work"
    chmod 1777 "$TMPDIR"
fi

run_as_user() {
    local -a place=(env "XDG_CACHE_HOME=$TMPDIR/cache")
    status=0
    rm -rf migtest-results
    "${as_user[@]}" "${place[@]}" "$@" --results "$TMPDIR/results" >out 2>err </dev/null || status=$?
    mv "$TMPDIR/results" migtest-results
}

plugin_path=(--plugin-path "$build/tests/plugins")
printf 'version: 1\nplugins: {network: {options: {host: "%s"}}}\n' "$(readlink /proc/self/ns/net)" >auto.yaml
{ cat auto.yaml && printf 'args: [-name, with-args]\n'; } >args.yaml
{ cat args.yaml && printf 'network: private\n'; } >private.yaml
{ cat auto.yaml && printf 'network: host\n'; } >host.yaml

for manifest in auto private; do
    run run "${plugin_path[@]}" -t own -t host "$manifest.yaml"
    expect_status 0
    expect_outcome network own passed
    expect_outcome network host passed
done
for manifest in args host; do
    run run "${plugin_path[@]}" -t host-by-manifest "$manifest.yaml"
    expect_status 0
    expect_outcome network host-by-manifest passed
done

# A wrapper that cannot do without the host's is told how to have that.
cat >wrapper <<END
#!/bin/sh
[ "\$(readlink /proc/self/ns/net)" = "$(readlink /proc/self/ns/net)" ] || { echo no licence >&2; exit 1; }
exec qemu-system-x86_64 "\$@"
END
chmod +x wrapper
run run -t precopy/unix/plain --source ./wrapper
expect_status 1
expect_outcome precopy precopy/unix/plain failed \
    "no licence; the test has a network of its own; with network: host in the manifest it has the host's"
run doctor host.yaml
expect_out "^network +the host's for all tests, as the manifest says"

run_as_user "$migtest" run "${plugin_path[@]}" -t own -t host auto.yaml
expect_outcome network host passed
if "${as_user[@]}" unshare --user --net true 2>err; then
    expect_status 0
    expect_outcome network own passed
else
    expect_journal '"key":"network","value":"the host'"'"'s, as '
fi

# In a user namespace that has no networks to give away.
run_as_user unshare --user --map-root-user sh -c \
    'echo 0 >/proc/sys/user/max_net_namespaces && exec "$@"' sh "$migtest" run "${plugin_path[@]}" \
    -t host-by-manifest auto.yaml
expect_status 0
expect_outcome network host-by-manifest passed
expect_journal '"key":"network","value":"the host'"'"'s, as the kernel lets this process have no network of its own: No space left'
expect_nothing_left
finish
