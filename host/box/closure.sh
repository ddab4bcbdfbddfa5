# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash disable=SC2034,SC2154,SC1007
# Finds the files of this machine that a program needs, so that it runs in the box under the same paths.

# For each path, the target of the link; "." if the path is no link.
declare -A closure=()

# Adds a path, every folder above it, and for each link on the way also the link's target.
add_path() {
    local rest=${1#/} at='' part known
    while [ -n "$rest" ]; do
        part=${rest%%/*}
        rest=${rest#"$part"}
        rest=${rest#/}
        case $part in
        '' | .) continue ;;
        ..) at=${at%/*} && continue ;;
        esac
        at=$at/$part
        known=${closure[$at]-}
        if [ -z "$known" ]; then
            [ -e "$at" ] || return 0
            [ ! -L "$at" ] || known=$(readlink "$at")
            closure[$at]=${known:=.}
        fi
        case $known in
        .) ;;
        /*) at='' rest=${known#/}${rest:+/$rest} ;;
        *) at=${at%/*} rest=$known${rest:+/$rest} ;;
        esac
    done
}

# Prints the libraries that ldd lists. Their paths may have blanks.
listed_libraries() {
    sed -nE 's/^.* => (\/.*) \(0x[0-9a-f]+\)$/\1/p; s/^[[:space:]]*(\/.*) \(0x[0-9a-f]+\)$/\1/p'
}

# add_libraries LIBRARY_PATH PROGRAM...: with the LD_LIBRARY_PATH that a wrapper would set.
add_libraries() {
    local library_path=$1 path
    shift
    while IFS= read -r path; do
        add_path "$path"
    done < <(LD_LIBRARY_PATH=$library_path ldd "$@" 2>/dev/null | listed_libraries | sort -u)
}

add_programs() {
    local path
    for path in "$@"; do
        add_path "$path"
    done
    add_libraries "${LD_LIBRARY_PATH-}" "$@"
}

# Adds the interpreter of a script, from the script's first line. busybox is the box's sh and env.
add_interpreter() {
    local line interpreter
    IFS= read -r line <"$1" 2>/dev/null || return 0
    [ "${line:0:2}" = '#!' ] || return 0
    read -r interpreter _ <<<"${line:2}"
    case $interpreter in
    /bin/sh | /usr/bin/env | '') ;;
    *) [ ! -x "$interpreter" ] || add_programs "$interpreter" ;;
    esac
    # Programs that a bash script calls by name are those of busybox.
    case $line in
    *env\ bash*) add_programs "$(command -v bash)" ;;
    esac
}

# Adds all files below a folder, and the libraries that shared objects among them need.
add_folder() {
    local path objects=()
    while IFS= read -r -d '' path; do
        add_path "$path"
        case $path in
        *.so | *.so.*) objects+=("$path") ;;
        esac
    done < <(find -L "$1" -type f -print0 2>/dev/null)
    [ "${#objects[@]}" -eq 0 ] || add_libraries "${LD_LIBRARY_PATH-}" "${objects[@]}"
}
