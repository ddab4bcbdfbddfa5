# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# For tests of the box: lib.sh, and what ci/deps has fetched for it in $fetched.
user_cache=${XDG_CACHE_HOME:-$HOME/.cache}/migtest/box
# shellcheck source=host/tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh" "$@"

fetched=$XDG_CACHE_HOME/migtest/box/fetched
mkdir -p "$(dirname "$fetched")"
[ ! -e "$user_cache/fetched" ] || ln -sfn "$user_cache/fetched" "$fetched"
