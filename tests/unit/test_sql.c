/* SPDX-License-Identifier: MIT */
/*
 * Every SQL literal of the program is prepared against schema.sql and its plan is read: no
 * statement may walk through a table that grows with the community. Linked with the whole program.
 */
#include "scratch.h"

#include "base/log.h"
#include "store/db.h"

/* Tables that stay small whatever happens: a scan of them is no growth. */
static const struct str SMALL[] = {
	S_INIT("meta"),          S_INIT("reader"),        S_INIT("app"),
	S_INIT("sqlite_master"), S_INIT("sqlite_schema"),
};

/*
 * Scans through an index are in order, so a LIMIT ends them soon. Right where every row of the
 * index is one of those asked for; each is listed with its reason.
 */
static const struct {
	struct str index;
	const char *reason;
} WALKED[] = {
	{S_INIT("kwip_public"), "holds nothing but what the public timeline shows, in its order"},
	{S_INIT("kwip_public_active"), "the same in the order of the last comment"},
};

static bool is_small(struct str table)
{
	for (size_t i = 0; i < sizeof SMALL / sizeof SMALL[0]; i++) {
		if (str_eq(table, SMALL[i]))
			return true;
	}
	return false;
}

static bool is_walked(struct str index)
{
	for (size_t i = 0; i < sizeof WALKED / sizeof WALKED[0]; i++) {
		if (str_eq(index, WALKED[i].index))
			return true;
	}
	return false;
}

/*
 * A name that schema.sql, or a service's own file, declares with CREATE TABLE; anything else
 * scanned is a subquery, a CTE or an argument.
 */
static bool is_table(struct str name)
{
	char text[128];
	snprintf(text, sizeof text, "CREATE TABLE %.*s (", (int)name.len, name.at);
	size_t n;
	const struct db_schema *file = db_schemas_all(&n);
	for (size_t i = 0; i < n; i++) {
		if (str_find(str_of(file[i].text), str_of(text)) >= 0)
			return true;
	}
	return str_find(str_of(schema_sql), str_of(text)) >= 0;
}

/*
 * The table that an alias of the statement stands for: "FROM kwip AS k", "JOIN kwip k". The name
 * itself when there is none.
 */
static struct str table_of(struct str sql, struct str alias)
{
	struct str rest = sql, last = {0};
	while (rest.at) {
		struct str word = str_trim(str_cut(&rest, ' '));
		while (word.len && (word.at[word.len - 1] == ',' || word.at[word.len - 1] == ')'))
			word.len--;
		if (word.len == 0)
			continue;
		if (str_eq(word, alias) && is_table(last))
			return last;
		if (!str_eq_nocase(word, S("AS")))
			last = word;
	}
	return alias;
}

/* What is wrong with a line of a plan; NULL when nothing. */
static const char *fault_of(struct str line, struct str sql)
{
	struct str rest = line;
	if (!str_eq(str_cut(&rest, ' '), S("SCAN")))
		return NULL;
	struct str table = table_of(sql, str_cut(&rest, ' '));
	if (!is_table(table) || is_small(table))
		return NULL;
	ptrdiff_t at = str_find(rest, S("INDEX "));
	if (at < 0)
		return "walks through a table";
	struct str index = str_slice(rest, (size_t)at + 6, rest.len);
	return is_walked(str_cut(&index, ' ')) ? NULL : "walks through an index";
}

/* min, max and count of one table, and offline jobs that say so themselves. */
static bool is_excused(struct str sql)
{
	return str_find(sql, S("/* scan")) >= 0;
}

static void tell(const struct db_sql *sql, const char *what, struct str line)
{
	if (sql->line > 0) /* the judge's own examples have none */
		print_error("%s:%d: %s (%.*s): %s\n", sql->file, sql->line, what, (int)line.len,
			    line.at, sql->text);
}

static int faults_in(const struct db_sql *sql)
{
	SCOPED_BUF plan = BUF_EMPTY;
	int faults = 0;
	if (db_plan(sql->text, &plan) != OK) {
		tell(sql, "does not compile", S("see the log"));
		return 1;
	}
	struct str rest = buf_str(&plan);
	while (rest.len) {
		struct str line = str_cut(&rest, '\n');
		const char *fault = is_excused(str_of(sql->text))
					    ? NULL
					    : fault_of(line, str_of(sql->text));
		if (!fault)
			continue;
		tell(sql, fault, line);
		faults++;
	}
	return faults;
}

static void every_statement(void **state)
{
	(void)state;
	size_t n;
	int faults = 0;
	const struct db_sql *all = db_sql_all(&n);
	assert_true(n >= 10); /* store/ alone has more */
	for (size_t i = 0; i < n; i++)
		faults += faults_in(&all[i]);
	assert_int_equal(faults, 0);
}

static void judge(const char *sql, int faults)
{
	assert_int_equal(faults_in(&(struct db_sql){sql, "judge", 0}), faults);
}

/* The judge itself: it must refuse what is bad, whatever the table is called in the statement. */
static void the_judge(void **state)
{
	(void)state;
	judge("SELECT body FROM kwip WHERE body = ?", 1);
	judge("SELECT k.body FROM kwip k WHERE k.body = ?", 1);
	judge("SELECT k.body FROM account AS a CROSS JOIN kwip AS k"
	      " WHERE a.id = ? AND k.body = a.name",
	      1);
	judge("SELECT id FROM account ORDER BY name_key", 1);
	judge("DELETE FROM event WHERE at < ?", 1);
	judge("SELECT body FROM kwip WHERE id = ?", 0);
	judge("SELECT body FROM kwip /* scan: a test of the test */", 0);
	judge("SELECT value FROM meta", 0);
	judge("SELECT id FROM kwip WHERE visibility = 0 AND reply_to IS NULL AND boost_of IS NULL"
	      " AND repeat_of IS NULL"
	      " ORDER BY id DESC LIMIT ?",
	      0);
	judge("SELECT k.id FROM (SELECT 1 AS id UNION ALL SELECT 2) AS x"
	      " JOIN kwip AS k ON k.id = x.id",
	      0);
	judge("SELECT nothing FROM nowhere", 1);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {cmocka_unit_test(every_statement),
						  cmocka_unit_test(the_judge)};
	log_open("test_sql", LOG_WARN);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
