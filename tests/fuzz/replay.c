/* SPDX-License-Identifier: MIT */
/*
 * Gives a fuzz target every seed of its folder, without clang's fuzzer: so an ordinary test run
 * replays all that fuzzing ever found. `replay_X FOLDER` prints the number of seeds; a bad one ends
 * the program.
 */
#include <dirent.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* In a block of exactly its size, so that the sanitizers see a step beyond the end. */
static void replay_file(const char *path)
{
	FILE *f = fopen(path, "rb");

	if (!f || fseek(f, 0, SEEK_END) != 0) {
		perror(path);
		exit(1);
	}
	long size = ftell(f);
	uint8_t *data = malloc(size > 0 ? (size_t)size : 1);
	rewind(f);
	if (size < 0 || !data || fread(data, 1, (size_t)size, f) != (size_t)size) {
		perror(path);
		exit(1);
	}
	fclose(f);
	/* Said before, so that the last line names the culprit of a crash. */
	fprintf(stderr, "%s\n", path);
	LLVMFuzzerTestOneInput(data, (size_t)size);
	free(data);
}

int main(int argc, char **argv)
{
	DIR *dir = argc == 2 ? opendir(argv[1]) : NULL;
	struct dirent *e;
	int seeds = 0;

	if (!dir) {
		fprintf(stderr, "usage: replay FOLDER\n");
		return 2;
	}
	while ((e = readdir(dir))) {
		char path[PATH_MAX];
		if (e->d_name[0] == '.')
			continue;
		snprintf(path, sizeof path, "%s/%s", argv[1], e->d_name);
		replay_file(path);
		seeds++;
	}
	closedir(dir);
	printf("%d seeds\n", seeds);
	return seeds ? 0 : 1;
}
