#!/usr/bin/env python3
"""What sql_generate.py makes of .sql files, and what it refuses."""
import pathlib
import tempfile
import unittest

import sql_generate


class SqlGenerate(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.source, self.out = pathlib.Path(scratch.name, "source"), pathlib.Path(scratch.name, "out")
        (self.source / "db" / "migrations").mkdir(parents=True)

    def put(self, path, text):
        file = self.source / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")

    def generate(self):
        sql_generate.generate(self.source, self.out)

    def header(self, text, name="x"):
        self.put(f"src/modules/booking/sql/{name}.sql", text)
        self.generate()
        return (self.out / "booking.h").read_text(encoding="utf-8")

    def refusal(self, path, text):
        self.put(path, text)
        with self.assertRaises(sql_generate.Refused) as refused:
            self.generate()
        (self.source / path).unlink()
        return str(refused.exception)

    def test_names_the_constant_after_folder_and_file(self):
        header = self.header("SELECT 1", "hold_insert")
        self.assertIn("namespace fairward::booking::sql_queries {", header)
        self.assertIn('Query hold_insert{\n    "booking_hold_insert",\n    "SELECT 1",\n    "SELECT 1"};', header)

    def test_strips_comments_and_blanks_but_not_in_quotation(self):
        header = self.header("-- why\nSELECT 'a  -- /* b',  \"c  d\" /* no */\n  FROM t -- end\n;\n")
        self.assertIn("\"SELECT 'a  -- /* b', \\\"c  d\\\" FROM t\",", header)

    def test_opens_pg_comments_for_postgres_alone(self):
        header = self.header("SELECT 1 /*pg FOR UPDATE */ -- never in /*pg this */")
        self.assertIn('"SELECT 1",\n    "SELECT 1 FOR UPDATE"};', header)

    def test_takes_the_pg_file_for_postgres(self):
        self.put("src/modules/booking/sql/x.pg.sql", "-- pg: another function\nSELECT b($1)")
        self.assertIn('"SELECT a($1)",\n    "SELECT b($1)"};', self.header("SELECT a($1)"))

    def test_marks_what_alters(self):
        for text in ("UPDATE t SET a = 1", "DELETE FROM t", "WITH x AS (DELETE FROM t RETURNING a) SELECT a FROM x",
                     "INSERT INTO t (a) VALUES ($1) ON CONFLICT (a) DO UPDATE SET a = 2", "update t set a = 1"):
            self.assertIn(",\n    true};", self.header(text), text)
        for text in ("INSERT INTO t (a) VALUES ($1) ON CONFLICT (a) DO NOTHING",
                     "SELECT updated FROM t WHERE a = 'DELETE x'", "SELECT a FROM t /*pg FOR UPDATE */",
                     "SELECT a FROM t /*pg FOR NO KEY UPDATE */"):
            self.assertNotIn("true", self.header(text), text)

    def test_lets_a_count_of_what_is_added_pass(self):
        self.assertNotIn("true", self.header("-- adds: counts the row\nUPDATE t SET a = a + 1"))
        refusal = self.refusal("src/modules/booking/sql/y.sql", "-- adds: a row\nINSERT INTO t VALUES (1)")
        self.assertIn("alters nothing", refusal)

    def test_takes_the_text_for_many_after_the_reason_of_a_scan(self):
        self.put("src/modules/booking/sql/x.many.pg.sql", "SELECT place, a FROM unnest($1::bigint[])")
        texts = ['"SELECT a($1)"', '"SELECT a($1)"', "false", '""', '"SELECT place, a FROM unnest($1::bigint[])"']
        self.assertIn(",\n    ".join(texts) + "};", self.header("SELECT a($1)"))

    def test_carries_the_reason_of_a_scan(self):
        header = self.header("-- scan: read once at start\nSELECT 1")
        self.assertIn('"SELECT 1",\n    false,\n    "read once at start"};', header)

    def test_rewrites_only_what_changed_and_removes_what_is_gone(self):
        self.header("SELECT 1")
        before = (self.out / "booking.h").stat().st_mtime_ns
        self.header("SELECT 1 -- the same")
        self.assertEqual((self.out / "booking.h").stat().st_mtime_ns, before)
        (self.source / "src/modules/booking/sql/x.sql").unlink()
        self.generate()
        self.assertFalse((self.out / "booking.h").exists())

    def test_embeds_migrations_in_order(self):
        self.put("db/migrations/0010_b_two.sql", "CREATE TABLE b (id {id}){strict};\n")
        self.put("db/migrations/0002_a_one.sql", "SELECT '\"\\';\n")
        self.generate()
        text = (self.out / "migrations.cpp").read_text(encoding="utf-8")
        self.assertLess(text.index('{2, "a_one"'), text.index('{10, "b_two"'))
        self.assertIn('"SELECT \'\\"\\\\\';\\n"', text)

    def test_refuses_with_a_reason(self):
        sql, migrations = "src/modules/booking/sql/", "db/migrations/"
        self.put(migrations + "0001_a_b.sql", "SELECT 1;\n")
        for path, text, reason in [
            (sql + "Bad-Name.sql", "SELECT 1", "lower_case_name"),
            (sql + "delete.sql", "SELECT 1", "keyword"),
            (sql + "x.sql", "-- nothing", "no statement"),
            (sql + "x.sql", "SELECT 1; SELECT 2", "more than one"),
            (sql + "x.sql", "SELECT $1, $3", "without a gap"),
            (sql + "x.sql", "SELECT ?", "not as ?"),
            (sql + "x.sql", "SELECT 'open", "never closed"),
            (sql + "y.pg.sql", "-- pg: reason\nSELECT 1", "no twin"),
            (sql + "y.many.pg.sql", "SELECT 1", "no twin"),
            (migrations + "1_a_b.sql", "", "NNNN_"),
            (migrations + "0002_a.sql", "", "NNNN_"),
            (migrations + "0001_a_c.sql", "", "taken"),
            (migrations + "0003_a_b.sql", "a {i32}", "unknown token"),
        ]:
            self.assertIn(reason, self.refusal(path, text), path + ": " + text)

    def test_refuses_a_text_for_many_that_cannot_do_the_same(self):
        sql = "src/modules/booking/sql/"
        self.put(sql + "x.sql", "UPDATE a SET b = 1")
        for text, reason in [("SELECT $1", "an array for each parameter"),
                             ("UPDATE a SET b = 1", "only SELECT and INSERT"),
                             ("WITH c AS (DELETE FROM a) SELECT 1", "only SELECT and INSERT")]:
            self.assertIn(reason, self.refusal(sql + "x.many.pg.sql", text), text)


if __name__ == "__main__":
    unittest.main()
