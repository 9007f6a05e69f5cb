#!/bin/sh
# SPDX-License-Identifier: MIT
# Installs the Debian packages that a part of the work needs and the machine lacks. Says which;
# silent when none is missing. Parts: build test fuzz lint bench. Called by the Makefile.
# It starts no daemon: nginx is unpacked below build/deb instead of being installed.
set -eu

packages() {
	case $1 in
	build) echo gcc make libc6-dev libsqlite3-dev liblmdb-dev libsodium-dev libssl-dev libjansson-dev \
		zlib1g-dev libbrotli-dev libzstd-dev libjpeg62-turbo-dev libpng-dev libwebp-dev libgif-dev ca-certificates xz-utils patch debian-archive-keyring ;;
	test) echo libcmocka-dev python3 python3-pytest python3-requests python3-mastodon python3-cryptography python3-brotli toot \
		python3-pil python3-blurhash chromium "$(node_packages)" ;;
	fuzz) echo clang libclang-rt-dev ;;
	lint) echo clang-format clang-tidy cppcheck python3 ;;
	bench) echo wrk python3 ;;
	*) echo "deps.sh: unknown part: $1" >&2; exit 2 ;;
	esac
}

# Whoever has a Node.js keeps it: Debian's packages would replace it.
node_packages() {
	command -v node >/dev/null && command -v npm >/dev/null || echo nodejs npm
}

is_there() {
	dpkg-query -W -f '${db:Status-Status}\n' "$1" 2>/dev/null | grep -qx installed
}

as_root() {
	if [ "$(id -u)" = 0 ]; then "$@"
	elif command -v sudo >/dev/null; then sudo "$@"
	else
		echo "Become root and run: $*" >&2
		exit 1
	fi
}

# Only once, and only when something is missing.
refresh() {
	[ -n "${refreshed:-}" ] && return 0
	as_root apt-get -q update
	refreshed=yes
}

unpack_nginx() {
	[ -x /usr/sbin/nginx ] || [ -x build/deb/usr/sbin/nginx ] && return 0
	refresh
	echo "Unpacking nginx below build/deb (not installed)."
	mkdir -p build/deb
	(cd build/deb && apt-get -q download nginx nginx-common && for f in nginx*.deb; do dpkg-deb -x "$f" .; done)
	[ -x build/deb/usr/sbin/nginx ]
}

[ $# -gt 0 ] || set -- build
wanted=
for part; do
	wanted="$wanted $(packages "$part")"
done
missing=
for package in $wanted; do
	is_there "$package" || missing="$missing $package"
done
if [ -n "$missing" ]; then
	echo "Installing from Debian:$missing"
	refresh
	as_root env DEBIAN_FRONTEND=noninteractive apt-get -q install -y --no-install-recommends $missing
fi
for part; do
	case $part in
	test | bench) unpack_nginx ;;
	esac
done
