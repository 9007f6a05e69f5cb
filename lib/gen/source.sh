# SPDX-License-Identifier: MIT
# What civetweb.sh and curl.sh share: fetching a Debian source package below build/ and applying
# Debian's patches. Sourced, not run. The machine's apt settings are only read: all of apt's state
# for this lies in build/apt/PACKAGE. apt checks the archive's signature and every checksum.
# Set before: package, least (the oldest version that will do), out (the folder it goes to).

keyring=/usr/share/keyrings/debian-archive-keyring.gpg
apt=$PWD/build/apt/$package

say() {
	echo "$package: $*" >&2
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

# Succeeds when the lines on stdin lead to good versions, which are left in the file versions, the
# newest first (by file, because the reading end of a pipe is a shell of its own).
try_sources() {
	cat >"$apt/sources.list"
	[ -s "$apt/sources.list" ] || return 1
	apt_own update >"$apt/log" 2>&1 || return 1
	apt-cache -o Dir::Etc::SourceList="$apt/sources.list" -o Dir::Etc::SourceParts=/dev/null \
		-o Dir::State::Lists="$apt/lists" -o Dir::Cache="$apt/cache" showsrc --only-source "$package" 2>>"$apt/log" |
		sed -n 's/^Version: //p' | sort -Vru | while read -r version; do
		is_good "$version" && echo "$version"
	done >"$apt/versions"
	[ -s "$apt/versions" ]
}

# A mirror may name a version before it has it, or after: then the next one is taken.
fetch_newest() {
	while read -r version; do
		fetch "$version" && echo "$version" >"$apt/version" && return 0
	done <"$apt/versions"
	return 1
}

# The .dsc is not asked for: some mirrors do not serve it, and the index that apt has checked
# names the two archives and their checksums as well.
fetch() {
	for part in --tar-only --diff-only; do
		(cd "$apt/source" && apt_own source "$part" "$package=$1" >>"$apt/log" 2>&1) || return 1
	done
}

# Leaves version $1, patched, in $out.new.
unpack() {
	upstream=${1#*:}
	rm -rf "$out.new"
	mkdir -p "$out.new"
	tar -xf "$apt/source/${package}_${upstream%-*}".orig.tar.?z -C "$out.new" --strip-components=1
	tar -xf "$apt/source/${package}_$upstream".debian.tar.* -C "$out.new"
	while read -r name _; do
		case $name in
		'' | '#'*) continue ;;
		esac
		patch -s -p1 -d "$out.new" <"$out.new/debian/patches/$name"
	done <"$out.new/debian/patches/series"
}

# Fetches what find_source (the caller's own) finds and unpacks it into $out.new.
fetch_and_unpack() {
	rm -rf "$apt/source"
	mkdir -p "$apt/lists/partial" "$apt/none/partial" "$apt/cache/archives/partial" "$apt/source"
	if ! find_source || ! fetch_newest; then
		tail -n 5 "$apt/log" >&2 2>/dev/null || true
		say "no version $least or newer came from this machine's Debian mirrors."
		say "Is the network there? It is needed once; the copy in $out is kept. Log: build/apt/$package/log"
		exit 1
	fi
	unpack "$(cat "$apt/version")"
}
