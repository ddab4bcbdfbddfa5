# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash disable=SC2034,SC2154
# Fetches a Debian suite's QEMU with all files that it needs, from the mirror that apt is configured with.

# Prints the firmware packages that the suite has. Older suites have no ipxe-qemu, for instance.
packages_of_suite() {
    local package
    for package in seabios ipxe-qemu; do
        [ -z "$("${own_apt[@]}" apt-cache madison "$package")" ] || echo "$package"
    done
}

download_suite() {
    local suite=$1 version=$2 more
    mapfile -t more < <(packages_of_suite)
    run_logged "${own_apt[@]}" apt-get -q -y -d -t "$suite" install "qemu-system-x86=$version" "${more[@]}" ||
        complain "cannot download the QEMU of $suite: $(last_words)"
}

# Removes a third of all files, which no program reads.
remove_documents() {
    rm -rf "$staging"/usr/share/{doc,man,locale,info,lintian,bug}
}

fill_from_suite() {
    local suite=$1 base
    base=$(base_suite "$suite")
    mkdir "$staging/apt"
    open_apt "$staging/apt" "$suite" || return
    version=$(suite_version qemu-system-x86 "$suite")
    [ -n "$version" ] || {
        version=$(suite_version qemu-system-x86 "$base")
        refuse "$suite has no QEMU of its own${version:+; $base has $version}"
        return
    }
    download_suite "$suite" "$version" && unpack_packages "$staging" "$apt_folder"/cache/archives/*.deb || return
    remove_folder "$staging/apt"
    remove_documents
}

fetch_suite() {
    local suite=$1 version='' source_uri='' source_suite='' source_fields=''
    check_name "$suite" || return
    if [ "$missing_only" = yes ] && "$shelf/$suite/qemu-system-x86_64" --version >/dev/null 2>&1; then
        return 0
    fi
    say "fetching the QEMU of $suite"
    open_staging "$suite" && fill_from_suite "$suite" &&
        finish_entry "$suite" "$suite" "suite=$suite" "package=qemu-system-x86 $version" \
            "mirror=$source_uri"
}
