#!/bin/sh
# SPDX-License-Identifier: MIT
# Builds a small static libcurl in build/curl out of the running release's Debian source package
# (source.sh says how): http, https, smtp(s), imap(s) with OpenSSL and zlib, and nothing else, so
# that no library is needed that Debian has no archive of. Called by the Makefile; does nothing when
# a good one is there.
set -eu

package=curl
least=7.88.1-10
out=build/curl
. lib/gen/source.sh

find_source() {
	. /etc/os-release
	for here in "${VERSION_CODENAME:-stable}" stable testing; do
		{
			source_lines "$here" "$here"
			source_lines "$here-security" "$here-security"
		} | try_sources && return 0
		source_lines "$here" "$here" | try_sources && return 0
	done
	return 1
}

# A command whose output matters only when it fails.
quiet() {
	"$@" >>"$apt/build.log" 2>&1 && return 0
	tail -n 20 "$apt/build.log" >&2
	say "the build failed. Log: build/apt/$package/build.log"
	exit 1
}

# Debian's patches touch only the inputs of the build tools; the tarball's own outputs serve.
keep_outputs() {
	find . -name Makefile.in -exec touch {} +
	touch aclocal.m4
	sleep 1
	touch configure lib/curl_config.h.in
	find . -name Makefile.in -exec touch {} +
}

configure_small() {
	off=
	for it in ftp file ldap ldaps rtsp dict telnet tftp pop3 gopher mqtt smb manual ntlm ntlm-wb \
		kerberos-auth negotiate-auth aws tls-srp unix-sockets alt-svc hsts doh cookies proxy socketpair \
		libcurl-option dependency-tracking mime-x docs; do
		off="$off --disable-$it"
	done
	for it in nghttp2 nghttp3 ngtcp2 libpsl libidn2 brotli zstd librtmp libssh2 gssapi libgsasl; do
		off="$off --without-$it"
	done
	# shellcheck disable=SC2086
	quiet ./configure --disable-shared --enable-static --with-pic --enable-http --enable-smtp --enable-imap \
		--enable-threaded-resolver --with-openssl --with-zlib --with-ca-path=/etc/ssl/certs \
		--with-ca-bundle=/etc/ssl/certs/ca-certificates.crt $off CFLAGS="-O2 -fstack-protector-strong -ffunction-sections -fdata-sections"
}

# Leaves the headers and the archive alone: the rest is of no use later.
build() {
	: >"$apt/build.log"
	(
		cd "$out.new"
		keep_outputs
		configure_small
		quiet make -j2 -C lib libcurl.la
	)
	mkdir "$out.made"
	cp -R "$out.new/include" "$out.made/include"
	cp "$out.new/lib/.libs/libcurl.a" "$out.new/COPYING" "$out.made/"
}

if [ -f "$out/.version" ] && is_good "$(cat "$out/.version")"; then
	touch "$out/.version"
	exit 0
fi
echo "Fetching curl's source from Debian and building it small (about a minute)."
rm -rf "$out.made"
fetch_and_unpack
build
rm -rf "$out" "$out.new"
mv "$out.made" "$out"
cp "$apt/version" "$out/.version"
echo "curl $(cat "$out/.version") is in $out."
