# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash disable=SC2034,SC2154,SC1007
# Finds the files that a QEMU needs. A QEMU may be a script that starts a program elsewhere, with other
# libraries. So it is started, and held for a moment to see which program it became.

# If a wrapper does not exec QEMU, QEMU is its child: prints the pid of the innermost process.
innermost() {
    local pid=$1 child
    while read -r child _ <"/proc/$pid/task/$pid/children" && [ -n "$child" ]; do
        pid=$child
    done
    echo "$pid"
}

# Prints the executable and LD_LIBRARY_PATH of the process that the command became, in two lines. QEMU waits
# for its configuration file, which is a pipe. QEMU reads the configuration before it selects an
# accelerator, so this works for a QEMU without TCG, too. Opening the pipe here succeeds when QEMU opens
# it, or when QEMU has ended.
look_at_qemu() {
    local pid held
    rm -f "$work/held"
    mkfifo "$work/held"
    {
        # shellcheck disable=SC2016
        sh -c 'echo $$ >"$0"; exec "$@"' "$work/qemu.pid" "$@" -no-user-config -display none \
            -readconfig "$work/held" >/dev/null 2>"$work/qemu.log" </dev/null
        : <"$work/held"
    } 2>/dev/null &
    exec {held}>"$work/held"
    read -r pid <"$work/qemu.pid"
    pid=$(innermost "$pid" 2>/dev/null)
    readlink "/proc/$pid/exe"
    { tr '\0' '\n' <"/proc/$pid/environ"; } 2>/dev/null | sed -n 's/^LD_LIBRARY_PATH=//p'
    kill -KILL "$pid" 2>/dev/null
    wait
    exec {held}>&-
}

# Prints QEMU's modules for devices and accelerators. QEMU looks for them beside its libraries.
qemu_modules() {
    local executable=$1 library_path=$2 folder
    {
        tr ':' '\n' <<<"$library_path"
        LD_LIBRARY_PATH=$library_path ldd "$executable" | listed_libraries | sed 's,/[^/]*$,,'
        echo "${executable%/*}/../lib"
    } | sort -u | while read -r folder; do
        [ -z "$folder" ] || find -L "$folder/qemu" -maxdepth 1 \
            \( -name 'hw-*.so' -o -name 'accel-*.so' \) 2>/dev/null
    done
}

# Prints firmware and option ROMs. Files of 1 MiB or more are of other machines.
qemu_data() {
    local folder
    "$@" -L help 2>/dev/null | while read -r folder; do
        find -L "$folder" -maxdepth 1 -type f -size -1024k \
            \( -name '*.bin' -o -name '*.rom' -o -name '*.aml' \) 2>/dev/null
    done
}

# Prints the paths of a key in an entry of the shelf. Relative paths start at the entry's folder.
entry_values() {
    local folder=$1 key=$2 value
    sed -n "s/^$key=//p" "$folder/entry" | tr ':' '\n' | while IFS= read -r value; do
        case $value in
        '') ;;
        /*) echo "$value" ;;
        *) echo "$folder/$value" ;;
        esac
    done
}

# A QEMU of the shelf may have a loader of its own, which finds its libraries.
add_shelved_qemu() {
    local folder=${1%/*} program loader modules path
    program=$(entry_values "$folder" program)
    loader=$(entry_values "$folder" loader)
    mapfile -t modules < <(find -L "$(entry_values "$folder" modules)" -maxdepth 1 \
        \( -name 'hw-*.so' -o -name 'accel-*.so' \) 2>/dev/null)
    for path in "$1" "$folder/entry" "$program" ${loader:+"$loader"} "${modules[@]}"; do
        add_path "$path"
    done
    if [ -z "$loader" ]; then
        add_libraries "" "$program" "${modules[@]}"
    else
        while IFS= read -r path; do
            add_path "$path"
        done < <(for path in "$program" "${modules[@]}"; do
            "$loader" --library-path "$(entry_values "$folder" library_path | tr '\n' ':')" --list "$path" 2>/dev/null
        done | listed_libraries | sort -u)
    fi
    while read -r path; do
        add_path "$path"
    done < <(qemu_data "$1")
}

# add_qemu PROGRAM [NAME=VALUE...]
add_qemu() {
    local program=$1 path executable library_path looks modules
    shift
    path=$(command -v -- "$program") || die "there is no QEMU \"$program\"; expected a program"
    [ "${path:0:1}" = / ] || path=$PWD/$path
    if [ -f "${path%/*}/entry" ] && grep -q '^program=' "${path%/*}/entry"; then
        add_shelved_qemu "$path"
        return
    fi
    looks=$(look_at_qemu env "$@" "$path")
    executable=$(sed -n 1p <<<"$looks")
    library_path=$(sed -n 2p <<<"$looks")
    [ -n "$executable" ] ||
        die "cannot start the QEMU $program: $(tail -n 1 "$work/qemu.log")"
    add_path "$path"
    add_interpreter "$path"
    add_path "$executable"
    mapfile -t modules < <(qemu_modules "$executable" "$library_path")
    add_libraries "$library_path" "$executable" "${modules[@]}"
    while read -r path; do
        add_path "$path"
    done < <(qemu_data env "$@" "$path" && printf '%s\n' "${modules[@]}")
}
