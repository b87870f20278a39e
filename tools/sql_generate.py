#!/usr/bin/env python3
"""Turns .sql files into C++ constants, and embeds the migrations.

  sql_generate.py --source ROOT --out DIR

Reads ROOT/src/modules/*/sql/*.sql, ROOT/src/platform/*/sql/*.sql and ROOT/db/migrations/*.sql; writes
  DIR/<folder>.h        one sql::Query constant per file, fairward::<folder>::sql_queries::<name>
  DIR/all_queries.cpp   sql::all_queries()
  DIR/migrations.cpp    sql::all_migrations()
A file is rewritten only when its content changed, so that nothing is compiled without need.

x.sql is the text for both engines. `/*pg … */` is text for PostgreSQL only. x.pg.sql beside x.sql replaces the
whole text on PostgreSQL; its first line says why: `-- pg: reason`. x.many.pg.sql does at once what many calls ask by
x.sql: each parameter is the array of theirs, each row begins with the place (from 1) of the one it answers. A query
that has to read a whole table says so in a line `-- scan: reason`; a contract test flags every other scan. One that
changes or deletes rows is marked as altering, for those who may only add; a line `-- adds: reason` says that it only
counts what is added.
"""
import argparse
import pathlib
import re
import sys

NAME = re.compile(r"[a-z][a-z0-9_]*\Z")
MIGRATION = re.compile(r"(\d{4})_([a-z][a-z0-9]*(?:_[a-z0-9]+)+)\.sql\Z")
TOKENS = {"id", "i64", "text", "real", "strict", "strict_without_rowid"}
# A string, a quoted identifier, a line comment, a block comment, white space, or any other character.
LEXEME = re.compile(r"('(?:[^']|'')*')|(\"(?:[^\"]|\"\")*\")|(--[^\n]*)|(/\*.*?\*/)|(\s+)|(.)", re.S)
# C++ words that would make a constant of that name not compile.
RESERVED = set("and or not xor delete new default operator register switch union private public export "
               "namespace class template this throw try using while for if else return case break".split())


class Refused(Exception):
    """Something in a .sql file that must be mended by its author."""


def plain(path, text, postgres):
    """The text without comments and line breaks, in the dialect asked for."""
    parts = []
    for match in LEXEME.finditer(text):
        string, identifier, line, block, space, other = match.groups()
        if block is not None and postgres and block.startswith("/*pg"):
            parts.append(" " + plain(path, block[4:-2], postgres) + " ")
        elif line is not None or block is not None or space is not None:
            parts.append(" ")
        elif other in ("'", '"'):
            raise Refused(f"{path}: a quotation mark is never closed")
        else:
            parts.append(string or identifier or other)
    return squeeze("".join(parts))


def squeeze(text):
    """Runs of blanks outside quotation become one blank."""
    pieces = re.split(r"('(?:[^']|'')*'|\"(?:[^\"]|\"\")*\")", text)
    return "".join(p if i % 2 else re.sub(r"\s+", " ", p) for i, p in enumerate(pieces)).strip()


def unquoted(text):
    return re.sub(r"'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\"", "''", text)


def one_statement(path, text):
    text = text.rstrip("; ")
    if not text:
        raise Refused(f"{path}: holds no statement")
    if ";" in unquoted(text):
        raise Refused(f"{path}: holds more than one statement; one query per file")
    return text


def check_parameters(path, text):
    numbers = {int(n) for n in re.findall(r"\$(\d+)", unquoted(text))}
    if numbers and numbers != set(range(1, max(numbers) + 1)):
        raise Refused(f"{path}: parameters must be $1 … ${max(numbers)} without a gap, found {sorted(numbers)}")
    if "?" in unquoted(text):
        raise Refused(f"{path}: write parameters as $1, $2 …, not as ?")


def literal(text):
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'


def read(path):
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise Refused(f"{path}: not UTF-8: {error}") from error


def highest_parameter(text):
    return max((int(n) for n in re.findall(r"\$(\d+)", unquoted(text))), default=0)


def many_text(path, single):
    """The text for many calls at once; empty where there is none."""
    if not path.exists():
        return ""
    text = one_statement(path, plain(path, read(path), postgres=True))
    check_parameters(path, text)
    if highest_parameter(text) != highest_parameter(single):
        raise Refused(f"{path}: must take an array for each parameter of its twin")
    if re.match(r"\s*(UPDATE|DELETE)\b", text, re.I) or re.search(r"\(\s*(UPDATE|DELETE)\b", unquoted(text), re.I):
        raise Refused(f"{path}: a row that two calls change would be changed once; only SELECT and INSERT are for many")
    return text


def is_altering(path, text, statements):
    alters = any(re.search(r"(\A|[\s(])(UPDATE|DELETE)\s", re.sub(r"\bFOR (NO KEY )?UPDATE\b", "", unquoted(s)), re.I)
                 for s in statements)
    adds = re.search(r"^-- adds:[ \t]*\S", text, re.M)
    if adds and not alters:
        raise Refused(f"{path}: alters nothing, so that it needs no line `-- adds:`")
    return bool(alters and not adds)


def query(folder, path):
    """One constant of one file."""
    name = path.name[: -len(".sql")]
    if not NAME.match(name) or name in RESERVED:
        raise Refused(f"{path}: a query file is named <lower_case_name>.sql, and not by a C++ keyword")
    text = read(path)
    variant = path.with_name(name + ".pg.sql")
    pg_text = read(variant) if variant.exists() else text
    if variant.exists() and not re.match(r"-- pg: \S", pg_text):
        raise Refused(f"{variant}: the first line must say why it differs: `-- pg: reason`")
    sqlite = one_statement(path, plain(path, text, postgres=False))
    postgres = one_statement(path, plain(path, pg_text, postgres=True))
    check_parameters(path, sqlite + " " + postgres)
    scan = re.search(r"^-- scan:[ \t]*(\S.*)$", text, re.M)
    many = many_text(path.with_name(name + ".many.pg.sql"), sqlite + " " + postgres)
    arguments = [literal(f"{folder}_{name}"), literal(sqlite), literal(postgres)]
    altering = is_altering(path, text, (sqlite, postgres))
    if altering or scan or many:
        arguments.append("true" if altering else "false")
    if scan or many:
        arguments.append(literal(scan.group(1).strip() if scan else ""))
    if many:
        arguments.append(literal(many))
    listed = ",\n    ".join(arguments)
    return name, f"inline constexpr ::fairward::sql::Query {name}{{\n    {listed}}};"


def query_folders(source):
    """{folder name: [its .sql files]}, refusing two folders of one name."""
    found = {}
    for area in ("modules", "platform"):
        for directory in sorted((source / "src" / area).glob("*/sql")):
            files = sorted(p for p in directory.glob("*.sql") if not p.name.endswith(".pg.sql"))
            folder = directory.parent.name
            for variant in directory.glob("*.pg.sql"):
                if not variant.with_name(re.sub(r"(\.many)?\.pg\.sql$", ".sql", variant.name)).exists():
                    raise Refused(f"{variant}: has no twin without .pg")
            if not files:
                continue
            if not NAME.match(folder) or folder in found:
                raise Refused(f"{directory}: a folder with queries needs a lower-case name of its own")
            found[folder] = files
    return found


def header(folder, files):
    constants = [query(folder, path)[1] for path in files]
    return (f"// Made by tools/sql_generate.py from the .sql files of {folder}; edit those.\n"
            f"#ifndef FAIRWARD_GENERATED_SQL_{folder.upper()}_H\n#define FAIRWARD_GENERATED_SQL_{folder.upper()}_H\n\n"
            '#include "platform/sql/sql.h"\n\n'
            f"namespace fairward::{folder}::sql_queries {{\n\n" + "\n".join(constants) +
            f"\n\n}}  // namespace fairward::{folder}::sql_queries\n\n#endif\n")


def all_queries(folders):
    includes = "".join(f'#include "sql/{folder}.h"\n' for folder in sorted(folders))
    rows = "".join(f"      &{folder}::sql_queries::{query(folder, path)[0]},\n"
                   for folder in sorted(folders) for path in folders[folder])
    return ("// Made by tools/sql_generate.py: every query constant of the program.\n"
            '#include "platform/sql/engine.h"\n' + includes +
            "\nnamespace fairward::sql {\n\nstd::vector<const Query*> all_queries() {\n  return {\n" + rows +
            "  };\n}\n\n}  // namespace fairward::sql\n")


def migrations(source):
    rows, seen = [], {}
    for path in sorted((source / "db" / "migrations").glob("*")):
        match = MIGRATION.match(path.name)
        if not match:
            raise Refused(f"{path}: a migration is named NNNN_<module>_<what>.sql")
        number, name = match.groups()
        if number in seen:
            raise Refused(f"{path}: number {number} is taken by {seen[number].name}")
        seen[number] = path
        text = read(path)
        unknown = set(re.findall(r"\{([a-z0-9_]+)\}", text)) - TOKENS
        if unknown:
            raise Refused(f"{path}: unknown token {sorted(unknown)}; there are {sorted(TOKENS)}")
        lines = "\n        ".join(literal(line) for line in text.splitlines(keepends=True)) or '""'
        rows.append(f"      {{{int(number)}, {literal(name)},\n        {lines}}},\n")
    return ("// Made by tools/sql_generate.py from db/migrations.\n"
            '#include "platform/sql/engine.h"\n\nnamespace fairward::sql {\n\n'
            "std::vector<Migration> all_migrations() {\n  return {\n" + "".join(rows) +
            "  };\n}\n\n}  // namespace fairward::sql\n")


def write(path, text):
    if not path.exists() or path.read_text(encoding="utf-8") != text:
        path.write_text(text, encoding="utf-8")


def generate(source, out):
    folders = query_folders(source)
    files = {f"{folder}.h": header(folder, paths) for folder, paths in folders.items()}
    files["all_queries.cpp"] = all_queries(folders)
    files["migrations.cpp"] = migrations(source)
    out.mkdir(parents=True, exist_ok=True)
    for stale in set(out.glob("*.h")) - {out / name for name in files}:
        stale.unlink()
    for name, text in files.items():
        write(out / name, text)
    # The stamp tells the build that the constants are as new as the .sql files, even where none was rewritten.
    (out / "generated.stamp").touch()


def main():
    parser = argparse.ArgumentParser(description="Turns .sql files into C++ constants.")
    parser.add_argument("--source", type=pathlib.Path, required=True)
    parser.add_argument("--out", type=pathlib.Path, required=True)
    arguments = parser.parse_args()
    try:
        generate(arguments.source, arguments.out)
    except Refused as refused:
        sys.exit(f"sql_generate: {refused}")


if __name__ == "__main__":
    main()
