#!/bin/sh
# SPDX-License-Identifier: MIT
# Fetches CivetWeb's source from Debian into build/civetweb and applies Debian's patches (source.sh
# says how). Called by the Makefile; does nothing when a good copy is there.
set -eu

package=civetweb
least=1.16+dfsg-2+deb13u1
suite=trixie
out=build/civetweb
. lib/gen/source.sh

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

if [ -f "$out/.version" ] && is_good "$(cat "$out/.version")"; then
	touch "$out/.version"
	exit 0
fi
echo "Fetching CivetWeb's source from Debian."
fetch_and_unpack
rm -rf "$out"
mv "$out.new" "$out"
cp "$apt/version" "$out/.version"
echo "CivetWeb $(cat "$out/.version") is in $out."
