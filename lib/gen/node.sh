#!/bin/sh
# SPDX-License-Identifier: MIT
# Puts the npm packages that the tests drive as clients into build/node: what the lock in
# tests/node names, checked by its hashes. Nothing of theirs runs on the way. Called by the Makefile.
set -eu

out=build/node
pinned=$(sed -n 's/^    "\([a-z]*\)": "\([0-9.]*\)",*$/\1 \2/p' tests/node/package.json | paste -sd, | sed 's/,/, /g')

echo "Installing from npm below $out: $pinned, and what they need."
mkdir -p "$out"
cp tests/node/package.json tests/node/package-lock.json "$out"
(cd "$out" && npm ci --no-audit --no-fund --ignore-scripts)
echo "$pinned" >"$out/.version"
