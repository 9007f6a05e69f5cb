/* SPDX-License-Identifier: MIT */
/* Any bytes as the name of a reaction: an emoji holds no letter, no space and no control character,
 * and is not long. */
#include "base/utf8.h"
#include "core/announcement.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str s = {(const char *)data, size};
	if (!reaction_is_emoji(s))
		return 0;
	if (size == 0 || size > 64)
		abort();
	for (size_t i = 0; i < size; i++)
		if ((data[i] < '0' && data[i] != '#' && data[i] != '*') ||
		    (data[i] > '9' && data[i] < 128))
			abort();
	return 0;
}
