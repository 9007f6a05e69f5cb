#!/bin/sh
# SPDX-License-Identifier: MIT
# Fetches CivetWeb's source from Debian into build/civetweb and applies Debian's patches. Called by
# the Makefile; does nothing when a good copy is there. The machine's apt settings are only read: all
# of apt's state for this lies in build/apt. apt checks the archive's signature and every checksum.
set -eu

package=civetweb
least=1.16+dfsg-2+deb13u1
suite=trixie
keyring=/usr/share/keyrings/debian-archive-keyring.gpg
out=build/civetweb
apt=$PWD/build/apt

say() {
	echo "civetweb.sh: $*" >&2
}

is_good() {
	[ -n "$1" ] && dpkg --compare-versions "$1" ge "$least"
}

apt_own() {
	command=$1
	shift
	apt-get -q "$command" -o Dir::Etc::SourceList="$apt/sources.list" -o Dir::Etc::SourceParts=/dev/null \
		-o Dir::State::Lists="$apt/lists" -o Dir::Cache="$apt/cache" -o APT::Sandbox::User="$(id -un)" \
		-o Acquire::Languages=none -o APT::Get::List-Cleanup=true "$@"
}

# Prints the URI of every archive that the machine takes suite $1 from. apt itself reads its
# sources, in whatever format they are.
mirrors() {
	apt-get update --print-uris -o Dir::State::Lists="$apt/none" -o Debug::NoLocking=1 2>/dev/null |
		sed -n "s|^'\(.*\)/dists/$1/InRelease'.*|\1|p" | sort -u
}

# A source line for each mirror of the machine's suite $1, asking for suite $2.
source_lines() {
	for uri in $(mirrors "$1"); do
		echo "deb-src [signed-by=$keyring] $uri $2 main"
	done
}

# Succeeds when the lines on stdin lead to a good version, which is left in build/apt/version (by
# file, because the reading end of a pipe is a shell of its own).
try_sources() {
	cat >"$apt/sources.list"
	[ -s "$apt/sources.list" ] || return 1
	apt_own update >"$apt/log" 2>&1 || return 1
	version=$(apt-cache -o Dir::Etc::SourceList="$apt/sources.list" -o Dir::Etc::SourceParts=/dev/null \
		-o Dir::State::Lists="$apt/lists" -o Dir::Cache="$apt/cache" showsrc --only-source "$package" 2>>"$apt/log" |
		sed -n 's/^Version: //p' | sort -Vr | head -n 1)
	is_good "$version" && echo "$version" >"$apt/version"
}

find_source() {
	. /etc/os-release
	for here in "${VERSION_CODENAME:-$suite}" stable testing; do
		{
			source_lines "$here" "$suite"
			source_lines "$here-security" "$suite-security"
		} | try_sources && return 0
		source_lines "$here" "$suite" | try_sources && return 0
		source_lines "$here" sid | try_sources && return 0
	done
	return 1
}

# The .dsc is not asked for: some mirrors do not serve it, and the index that apt has checked
# names the two archives and their checksums as well.
fetch() {
	for part in --tar-only --diff-only; do
		(cd "$apt/source" && apt_own source "$part" "$package=$1" >>"$apt/log" 2>&1) || return 1
	done
}

unpack() {
	rm -rf "$out.new"
	mkdir -p "$out.new"
	tar -xf "$apt/source/${package}_${1%-*}".orig.tar.* -C "$out.new" --strip-components=1
	tar -xf "$apt/source/${package}_$1".debian.tar.* -C "$out.new"
	while read -r name _; do
		case $name in
		'' | '#'*) continue ;;
		esac
		patch -s -p1 -d "$out.new" <"$out.new/debian/patches/$name"
	done <"$out.new/debian/patches/series"
}

if [ -f "$out/.version" ] && is_good "$(cat "$out/.version")"; then
	touch "$out/.version"
	exit 0
fi
echo "Fetching CivetWeb's source from Debian."
rm -rf "$apt/source"
mkdir -p "$apt/lists/partial" "$apt/none/partial" "$apt/cache/archives/partial" "$apt/source"
if ! find_source || ! fetch "$(cat "$apt/version")"; then
	tail -n 5 "$apt/log" >&2 2>/dev/null || true
	say "no $package $least or newer came from this machine's Debian mirrors."
	say "Is the network there? It is needed once; the copy in $out is kept. Log: build/apt/log"
	exit 1
fi
version=$(cat "$apt/version")
unpack "$version"
rm -rf "$out"
mv "$out.new" "$out"
echo "$version" >"$out/.version"
echo "CivetWeb $version is in $out."
