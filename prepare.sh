# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash
# Sourced by ./run, ./test and ./bench: installs what is missing from packages.txt and builds a preset.

cd "$(dirname "${BASH_SOURCE[0]}")" || exit 1

# A clone in another folder compiles the same files: let the compiler cache see that.
export CCACHE_BASEDIR=$PWD CCACHE_NOHASHDIR=1
# Precompiled headers are cached too; nothing here looks at the time of day it is compiled.
export CCACHE_SLOPPINESS=pch_defines,time_macros

# Prints a step so that it can be found in a long log.
step() {
    printf '\n== %s\n' "$*"
}

# Installs the packages of packages.txt that are not there yet; needs root or sudo only if any is missing.
install_packages() {
    local missing=() package
    while read -r package; do
        case "$package" in '' | '#'*) continue ;; esac
        if ! dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'ok installed'; then
            missing+=("$package")
        fi
    done <packages.txt
    [ ${#missing[@]} -eq 0 ] && return 0

    step "Installing ${missing[*]}"
    local as_root=()
    if [ "$(id -u)" -ne 0 ]; then
        as_root=(sudo)
        if ! command -v sudo >/dev/null; then
            echo "Missing packages, and neither root nor sudo is at hand. As root run:" >&2
            echo "  apt-get install --no-install-recommends ${missing[*]}" >&2
            return 1
        fi
    fi
    "${as_root[@]}" apt-get update -qq &&
        "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}"
}

# build_preset NAME [TARGET …]: configures and builds.
build_preset() {
    local preset=$1
    shift
    step "Building $preset"
    local output
    output=$(cmake --preset "$preset" 2>&1) || {
        printf '%s\n' "$output" >&2
        return 1
    }
    cmake --build --preset "$preset" ${1:+--target "$@"}
}
