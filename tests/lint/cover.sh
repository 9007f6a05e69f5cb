#!/bin/bash
# SPDX-License-Identifier: MIT
# After `make cover` has run the tests: prints the share of lines each of our files has seen run.
set -u
cd "$(dirname "$0")/../.." || exit 1
top=$PWD
mkdir -p build/cover/gcov
cd build/cover/gcov || exit 1
find "$top/build/cover/lib" -name '*.gcda' ! -path '*/gen/*' -print0 |
	xargs -0 -r gcov -n -s "$top" 2>/dev/null |
	awk -F"[':% ]+" '
		/^File/ { file = $2 }
		/^Lines executed/ && file ~ /^(lib\/|kwipd)/ && file ~ /\.c$/ {
			printf "%6.1f%% of %5d  %s\n", $3, $5, file
			all += $5; run += $3 * $5 / 100
		}
		/^Lines executed/ { file = "" }
		END { if (all) printf "%6.1f%% of %5d  in all\n", 100 * run / all, all; else exit 1 }' | sort -k 4
