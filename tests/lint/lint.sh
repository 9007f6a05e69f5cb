#!/bin/bash
# SPDX-License-Identifier: MIT
# `make lint`: our own rules, the format, cppcheck; with LINT_TIDY=1 clang-tidy too (some minutes).
# Exits 1 when any of them complains.
set -u
cd "$(dirname "$0")/../.." || exit 1

mapfile -t ours < <(find kwipd.c lib tests -name '*.[ch]' | sort)
mapfile -t built < <(find kwipd.c lib -name '*.c' ! -path 'lib/gen/*' | sort)
bad=0

part() {
	local name=$1
	shift
	if "$@"; then
		echo "$name: clean"
	else
		echo "$name: not clean"
		bad=1
	fi
}

# civet.c is left out: it includes all of CivetWeb, which is not ours to judge. What is suppressed
# cppcheck gets wrong here: the arguments of DB_EACH, linker-made symbols, structs passed by value.
run_cppcheck() {
	printf '%s\n' "${built[@]}" | grep -v '^lib/http/civet\.c$' >build/lint.files
	mkdir -p build/cppcheck
	cppcheck --quiet -j 2 --file-list=build/lint.files --cppcheck-build-dir=build/cppcheck --std=c11 \
		--language=c --library=posix --enable=warning,performance,portability --inline-suppr \
		--error-exitcode=1 -D_GNU_SOURCE -D__GNUC__=12 -Ilib --suppress=missingInclude \
		--suppress=normalCheckLevelMaxBranches --suppress=unknownMacro --suppress=syntaxError \
		--suppress=internalAstError --suppress=missingReturn \
		--library=tests/lint/kwipd.cfg --suppress=constStatement --suppress=comparePointers \
		--suppress=readdirCalled --suppress=returnDanglingLifetime \
		--suppress=invalidFunctionArg:lib/base/sandbox.c --suppress=memleak:lib/base/sandbox.c \
		--suppress=memleak:lib/store/files.c --template='{file}:{line}: {message} [{id}]'
}

run_tidy() {
	printf '%s\0' "${built[@]}" | grep -zv '^lib/http/civet\.c$' |
		xargs -0 -P 2 -n 8 sh -c 'exec clang-tidy --quiet "$@" -- -std=gnu17 -D_GNU_SOURCE -Ilib -Ibuild/gen 2>/dev/null' tidy
}

part rules /usr/bin/python3 tests/lint/rules.py
part format clang-format --dry-run -Werror --ferror-limit=3 "${ours[@]}"
part cppcheck run_cppcheck
[ "${LINT_TIDY:-0}" = 0 ] || part clang-tidy run_tidy
exit "$bad"
