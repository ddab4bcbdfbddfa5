# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash disable=SC2016,SC2034,SC2154
# Finds the mirror that apt is configured with. This reads apt's source files, in both of their formats,
# since apt itself says nothing about a source before its lists were fetched.

# Prints one line for each source of main packages: URI, suites and further fields, separated by tabs.
# The fields are in the form of deb822, with \001 after each line. They say by which key a mirror is signed.
sources_by_line='
BEGIN { OFS = "\t" }
{ sub(/#.*/, "") }
$1 == "deb" {
    fields = ""; at = 2
    if ($2 ~ /^\[/) {
        options = $0; sub(/^[^[]*\[/, "", options); sub(/\].*/, "", options)
        count = split(options, option, " ")
        for (i = 1; i <= count; i++) {
            name = tolower(option[i]); sub(/[+-]?=.*/, "", name)
            value = option[i]; sub(/^[^=]*=/, "", value); gsub(/,/, " ", value)
            if (name == "signed-by") fields = fields "Signed-By: " value "\001"
            if (name == "trusted") fields = fields "Trusted: " value "\001"
        }
        while (at < NF && $at !~ /\]$/) at++
        at++
    }
    for (i = at + 2; i <= NF; i++) if ($i == "main") print $at, $(at + 1), fields
}'
sources_by_paragraph='
function end() {
    if ((" " value["types"] " ") ~ / deb / && (" " value["components"] " ") ~ / main / &&
        tolower(value["enabled"]) !~ /^(no|false|0|off)$/) {
        split(value["uris"], uri, " ")
        print uri[1], value["suites"], kept
    }
    split("", value); kept = name = ""
}
BEGIN { OFS = "\t" }
/^#/ { next }
/^[ \t]*$/ { end(); next }
/^[ \t]/ {
    if (name == "signed-by") kept = kept $0 "\001"
    else value[name] = value[name] $0
    next
}
{
    name = tolower($0); sub(/:.*/, "", name)
    text = $0; sub(/^[^:]*:[ \t]*/, "", text)
    value[name] = text
    if (name == "signed-by" || name == "trusted") kept = kept $0 "\001"
}
END { end() }'

list_sources() {
    local list='' parts='' file
    eval "$(apt-config shell list Dir::Etc::sourcelist/f parts Dir::Etc::sourceparts/d)"
    for file in "$list" "${parts%/}"/*.list "${parts%/}"/*.sources; do
        [ -f "$file" ] || continue
        case $file in
        *.sources) awk "$sources_by_paragraph" "$file" ;;
        *) awk "$sources_by_line" "$file" ;;
        esac
    done
}

# find_source main|security: sets source_uri, source_suite and source_fields of the release's own
# packages, or of its security updates. A mirror with Debian in its name wins over an earlier one.
find_source() {
    local line
    line=$(list_sources | awk -F '\t' -v want="$1" '
        {
            security = $1 ~ /security/ || $2 ~ /^[a-z]+-security/
            if (security != (want == "security") || (!security && $2 ~ /^[a-z]+-/)) next
            rank = $1 ~ /debian\.org|[\/:]debian(\.list)?\/?$/ ? 2 : 1
            if ($3 ~ /debian-archive/) rank++
            if (rank > best) { best = rank; found = $0 }
        }
        END { if (best) print found }')
    [ -n "$line" ] || return
    source_uri=${line%%$'\t'*}
    line=${line#*$'\t'}
    source_suite=${line%%[ $'\t']*}
    source_fields=${line#*$'\t'}
    # apt uses packages of a file: mirror in place. copy: makes apt copy them, as is needed here.
    source_uri=${source_uri/#file:/copy:}
}

# Prints the source as a deb822 paragraph for the suites in $1.
print_source() {
    printf 'Types: deb\nURIs: %s\nSuites: %s\nComponents: main\nArchitectures: %s\nTargets: Packages\n%s\n\n' \
        "$source_uri" "$1" "$architecture" "$(tr '\001' '\n' <<<"$source_fields")"
}
