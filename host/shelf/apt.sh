# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash disable=SC2034,SC2154
# Gets packages of any suite with an apt that is separate from the system's: its lists, its cache and its
# status are in a folder of their own. This needs no root.

apt_folder=
architecture=
own_apt=()

# Takes from the system's configuration only how to reach a mirror: proxies, passwords, keys. apt does not
# read the system's files itself: it would read them after this file, and they have hooks for the
# system's own lists.
write_apt_configuration() {
    apt-config dump | grep -E '^(Dir|Dir::Bin.*|Dir::Etc.*|Acquire.*) "[^"]*";$' || return
    cat <<END
#clear APT::Architectures;
#clear Acquire::Languages;
APT::Architecture "$architecture";
APT::Architectures { "$architecture"; };
APT::Install-Recommends "false";
APT::Sandbox::User "root";
Acquire::Languages "none";
Acquire::Check-Valid-Until "false";
Dir::State "$apt_folder";
Dir::State::lists "$apt_folder/lists";
Dir::State::status "$apt_folder/status";
Dir::Cache "$apt_folder/cache";
Dir::Cache::archives "archives";
Dir::Etc::sourcelist "$apt_folder/suite.sources";
Dir::Etc::sourceparts "/dev/null";
Dir::Etc::preferences "/dev/null";
Dir::Etc::preferencesparts "/dev/null";
Dir::Etc::main "/dev/null";
Dir::Etc::parts "/dev/null";
END
}

# The suite that an overlay such as trixie-backports belongs to.
base_suite() {
    case $1 in
    experimental | rc-buggy) echo sid ;;
    *) echo "${1%%-*}" ;;
    esac
}

write_suite() {
    local suite=$1 base overlay=
    base=$(base_suite "$suite")
    [ "$base" = "$suite" ] || overlay=$suite
    find_source main || {
        complain "apt is configured with no mirror of Debian's main packages"
        return
    }
    case $suite in
    *-security)
        print_source "$base" >"$apt_folder/suite.sources"
        find_source security || {
            complain "apt is configured with no mirror of Debian's security updates, for $suite"
            return
        }
        print_source "$overlay" >>"$apt_folder/suite.sources"
        ;;
    *) print_source "$base${overlay:+ $overlay}" >"$apt_folder/suite.sources" ;;
    esac
}

has_lists() {
    local suite file
    for suite in "$@"; do
        file=$("${own_apt[@]}" apt-get indextargets --format "\$(RELEASE)|\$(FILENAME)" 'Created-By: Packages' \
            2>/dev/null | awk -F '|' -v suite="$suite" '$1 == suite && !found++ { print $2 }')
        [ -n "$file" ] && [ -e "$file" ] || return
    done
}

# Prints the suite that the mirror lacks, from apt's messages. The second message is for unsigned mirrors.
missing_suite() {
    sed -nE "s/^E: The repository '[^ ]+ ([^ ]+) Release' does not have a Release file.*/\1/p
        s,^[EW]: Failed to fetch [^ ]*/dists/([^/ ]+)/.*(404  Not Found|No such file).*,\1,p" "$log_file" | head -n 1
}

explain_update() {
    local suite=$1 key keyring missing
    key=$(grep -oE '(NO_PUBKEY|Missing key) [0-9A-F]+' "$log_file" | awk '!found++ { print $NF }')
    if [ -n "$key" ]; then
        keyring=$(sed -n 's/^Signed-By: *//p' "$apt_folder/suite.sources" | tail -n 1)
        complain "$suite is signed with the key $key, which ${keyring:-apt} does not have;" \
            "a newer package debian-archive-keyring has the keys of newer suites"
    elif missing=$(missing_suite) && [ -n "$missing" ]; then
        refuse "$source_uri has no suite $missing"
    else
        complain "cannot get the lists of $suite from $source_uri: $(last_words)"
    fi
}

# open_apt FOLDER SUITE: prepares own_apt, which then knows the packages of the suite.
open_apt() {
    local suite=$2
    apt_folder=$1
    own_apt=(env LC_ALL=C "APT_CONFIG=$apt_folder/apt.conf")
    need_programs apt-get apt-config apt-cache dpkg dpkg-deb || return
    architecture=$(dpkg --print-architecture)
    if ! { mkdir -p "$apt_folder/lists/partial" "$apt_folder/cache/archives/partial" &&
        : >"$apt_folder/status" && write_apt_configuration >"$apt_folder/apt.conf"; } 2>/dev/null; then
        complain "cannot write to $apt_folder"
        return
    fi
    write_suite "$suite" || return
    # apt succeeds even if it could not reach the mirror, so its lists are checked.
    if ! run_logged "${own_apt[@]}" apt-get -q update || ! has_lists "$(base_suite "$suite")" "$suite"; then
        explain_update "$suite"
    fi
}

# The version of a package in the suite itself, not in the suite below it.
suite_version() {
    "${own_apt[@]}" apt-cache madison "$1" |
        awk -F '|' -v suite=" $2/main" 'index($3, suite) && !found++ { gsub(/ /, "", $2); print $2 }'
}

unpack_packages() {
    local into=$1 archive
    shift
    for archive in "$@"; do
        run_logged dpkg-deb -x "$archive" "$into" || {
            complain "cannot unpack ${archive##*/}: $(last_words)"
            return
        }
    done
}
