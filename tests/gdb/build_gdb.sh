#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Builds GDB for bpf-unknown-none from Debian's package gdb-source, once, into a cache folder, and prints where it lies.
# Debian's gdb-multiarch knows no bpf. Needs: gdb-source bison flex libexpat1-dev libgmp-dev libncurses-dev.
#
#   build_gdb.sh           builds if need be; the last line of standard output is the program's path
#   build_gdb.sh --check   prints the path if it is built, else fails
set -eu

version=$(dpkg-query -W -f '${Version}' gdb-source 2>/dev/null || echo unknown)
cache=${RBPF_CACHE:-$HOME/.cache/rbpf}/gdb-bpf-$version
program=$cache/bpf-unknown-none-gdb

# A version other than the installed package's is fine too: what counts is that it runs.
if [ "$version" = unknown ]; then
    for other in "${RBPF_CACHE:-$HOME/.cache/rbpf}"/gdb-bpf-*/bpf-unknown-none-gdb; do
        program=$other
    done
fi
if [ -x "$program" ]; then
    echo "$program"
    exit 0
fi
if [ "${1-}" = --check ]; then
    echo "no GDB for bpf in $cache: tests/gdb/build_gdb.sh builds it" >&2
    exit 1
fi
if [ ! -f /usr/src/gdb.tar.xz ]; then
    echo "/usr/src/gdb.tar.xz is missing: apt-get install gdb-source bison flex libexpat1-dev libgmp-dev libncurses-dev" >&2
    exit 1
fi

began=$(date +%s)
mkdir -p "$cache"
work=$(mktemp -d "$cache/build.XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
log=$cache/build.log
echo "building GDB $version for bpf (log: $log)" >&2
{
    tar -C "$work" -xf /usr/src/gdb.tar.xz
    source=$(dirname "$(find "$work" -maxdepth 2 -name config.guess | head -n 1)")
    mkdir "$work/b"
    cd "$work/b"
    compiler=
    if command -v ccache >/dev/null; then
        compiler="ccache "
    fi
    # Only what a remote debugger needs; expat reads the target's description and memory map.
    "$source/configure" --target=bpf-unknown-none --prefix="$cache" --disable-sim --disable-nls --disable-gas \
        --disable-ld --disable-binutils --disable-gprof --disable-gprofng --disable-gdbserver \
        --disable-inprocess-agent --disable-source-highlight --without-python --without-guile --without-debuginfod \
        --without-mpfr --without-xxhash --without-lzma --without-babeltrace --without-intel-pt --with-expat \
        CC="${compiler}gcc" CXX="${compiler}g++" CFLAGS=-O0 CXXFLAGS=-O0 MAKEINFO=true
    nice make -j"$(nproc)" all-gdb MAKEINFO=true
    strip -o "$cache/gdb.new" gdb/gdb
} >"$log" 2>&1 || {
    echo "building GDB failed; the last lines of $log:" >&2
    tail -n 20 "$log" >&2
    exit 1
}
mv "$cache/gdb.new" "$program"
echo "built in $(($(date +%s) - began)) s" >&2
echo "$program"
