"""The checks find what they are for: each test plants one violation in an empty tree, and a clean twin beside it."""
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools"))
import check_layers  # noqa: E402
import check_security  # noqa: E402
import check_style  # noqa: E402


def tree(files):
    folder = tempfile.TemporaryDirectory()
    for name, text in files.items():
        path = Path(folder.name) / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return folder


def faults_of(check, files):
    with tree(files) as folder:
        return check(Path(folder))


class Security(unittest.TestCase):
    TESTS = {
        "tests/a.test.mjs": "test('a login is refused', () => {});",
        "src/a_test.cpp": "TEST_P(box, opens_with_its_key) {}",
    }

    def faults(self, lines):
        return faults_of(check_security.check, {**self.TESTS, "docs/security.md": "\n".join(lines) + "\n"})

    def test_named_tests_exist(self):
        good = ['   - `tests/a.test.mjs` "a login is refused"', "   - `src/a_test.cpp` `box.opens_with_its_key`"]
        self.assertEqual(self.faults(["1. A.", *good]), [])
        for named in (
            '`tests/a.test.mjs` "a login is"',
            '`tests/b.test.mjs` "a login is refused"',
            "`src/a_test.cpp` `box.opens`",
            "`src/a_test.cpp` box",
        ):
            self.assertTrue(self.faults(["1. A. *Not yet*", f"   - {named}"]), named)

    def test_no_line_is_without_a_test_or_a_reason(self):
        self.assertTrue(self.faults(["1. A.", "2. B. *Not yet*: soon."]))
        self.assertEqual(self.faults(["1. A. *Not yet*: soon."]), [])

    def test_the_page_itself(self):
        self.assertEqual(check_security.check(ROOT), [])


class Layers(unittest.TestCase):
    def expect(self, path, text, is_fault):
        faults = faults_of(check_layers.check, {path: text})
        self.assertEqual(bool(faults), is_fault, f"{path}: {text} gave {faults}")

    def test_includes(self):
        cases = [
            ("src/base/x.h", "platform/log/log.h", True),
            ("src/base/x.h", "base/id.h", False),
            ("src/platform/sql/x.cpp", "platform/clock/clock.h", False),
            ("src/platform/sql/x.cpp", "platform/http/http.h", True),
            ("src/platform/http/x.cpp", "modules/booking/booking.h", True),
            ("src/modules/billing/x.cpp", "modules/identity/identity.h", False),
            ("src/modules/billing/x.cpp", "modules/booking/booking.h", True),
            ("src/modules/booking/x.cpp", "modules/billing/billing.h", False),
            ("src/modules/booking/x.cpp", "modules/billing/store.h", True),
            ("src/modules/booking/x.cpp", "platform/config/config.h", True),
            ("src/modules/booking/x.cpp", "app/composition.h", True),
            ("src/app/x.cpp", "modules/booking/booking.h", False),
            ("src/modules/booking/x.cpp", "sql/booking.h", False),
        ]
        for path, included, is_fault in cases:
            self.expect(path, f'#include "{included}"\n', is_fault)

    def test_homes(self):
        cases = [
            ("src/platform/api/x.cpp", "#include <boost/beast/http.hpp>", True),
            ("src/platform/http/x.cpp", "#include <boost/asio/ip/tcp.hpp>", False),
            ("src/modules/booking/x.cpp", "#include <sqlite3.h>", True),
            ("src/modules/booking/x.cpp", "auto t = std::chrono::system_clock::now();", True),
            ("src/modules/booking/x.cpp", "// system_clock is for others", False),
            ("src/modules/booking/x_test.cpp", "auto t = std::chrono::steady_clock::now();", False),
            ("src/platform/clock/x.cpp", "auto t = std::chrono::system_clock::now();", False),
            ("src/modules/identity/x.cpp", "std::random_device d;", True),
            ("src/app/x.cpp", 'auto p = getenv("HOME");', True),
            ("src/platform/config/x.cpp", 'auto p = getenv("HOME");', False),
        ]
        for path, line, is_fault in cases:
            self.expect(path, line + "\n", is_fault)

    def test_sql_touches_own_tables(self):
        self.expect("src/modules/booking/sql/a.sql", "SELECT id FROM booking_appointment\n", False)
        self.expect("src/modules/booking/sql/a.sql", "SELECT id FROM billing_payment\n", True)
        self.expect("src/modules/billing/sql/a.sql", "UPDATE booking_appointment SET x = 1\n", True)
        self.expect("src/modules/billing/sql/a.sql", "-- FROM booking_appointment is not ours\nSELECT 1\n", False)


class Style(unittest.TestCase):
    def expect(self, path, text, wanted):
        faults = faults_of(check_style.check, {path: text})
        if wanted:
            self.assertTrue(any(wanted in fault for fault in faults), f"{wanted!r} not found in {faults}")
        else:
            self.assertEqual(faults, [])

    def test_a_clean_file_passes(self):
        self.expect("src/base/x.cpp", "// For a test.\nint two() { return 2; }\n", "")

    def test_lines(self):
        self.expect("src/base/x.cpp", "// For a test.\n// " + "x" * 120 + "\n", "columns")
        self.expect("src/base/x.cpp", "// For a test.\nint x; \n", "blanks")
        self.expect("src/base/x.cpp", "// For a test.\n\tint x;\n", "tab")
        self.expect("src/base/x.cpp", "// For a test.\n// TO" "DO: later\n", "unfinished")

    def test_openings(self):
        self.expect("src/base/x.cpp", "int x;\n", "opens with a comment")
        self.expect("src/base/x.h", "// For a test.\nint x;\n", "#pragma once")
        self.expect("src/modules/booking/sql/x.sql", "SELECT 1\n", "")
        self.expect("src/modules/booking/sql/x.pg.sql", "SELECT 1\n", "opens with a comment")
        self.expect("tools/x.sh", "#!/bin/sh\n# For a test.\n", "")

    def test_functions(self):
        body = "".join(f"  x({i});\n" for i in range(80))
        self.expect("src/base/x.cpp", "// For a test.\nvoid long_one(int a) {\n" + body + "}\n", "82 lines")
        self.expect("src/base/x.cpp", "// For a test.\nvoid short_one(int a) {\n  x(a);\n}\n", "")

    def test_bans_name_their_replacement(self):
        cases = {
            "auto x = std::format(1);": "fmt::format",
            "std::expected<int, int> x;": "Result<T>",
            "assert(x);": "FAIRWARD_CHECK",
            "int x = atoi(text);": "std::from_chars",
            "co_await post([x] { use(x); });": "GCC 12",
            "co_await post([=] { use(x); });": "GCC 12",
        }
        for line, wanted in cases.items():
            self.expect("src/base/x.cpp", f"// For a test.\n{line}\n", wanted)
        for line in ["static_assert(true);", "co_await post([&] { use(x); });", 'log("std::format(");']:
            self.expect("src/base/x.cpp", f"// For a test.\n{line}\n", "")


class EmbedAssets(unittest.TestCase):
    def run_tool(self, dist, out):
        subprocess.run([sys.executable, str(ROOT / "tools/embed_assets.py"), "--dist", str(dist), "--assembly",
                        str(out / "a.S"), "--index", str(out / "a.cpp")], check=True)
        return (out / "a.S").read_text(), (out / "a.cpp").read_text()

    def test_without_a_built_ui_the_table_is_empty(self):
        with tempfile.TemporaryDirectory() as out:
            assembly, index = self.run_tool("", Path(out))
            self.assertNotIn(".incbin", assembly)
            self.assertIn(".note.GNU-stack", assembly)
            self.assertIn("embedded_assets()", index)

    def test_files_come_with_encodings_and_the_same_bytes_each_time(self):
        files = {"index.html": "<p>" + "fair " * 200, "assets/a-1.js": "x();" * 200, "tiny.txt": "t"}
        with tree(files) as dist, tempfile.TemporaryDirectory() as out:
            first = self.run_tool(dist, Path(out))
            self.assertEqual(first, self.run_tool(dist, Path(out)))
            self.assertIn('"/assets/a-1.js", "text/javascript; charset=utf-8"', first[1])
            self.assertEqual(first[0].count("_gzip:"), 2)
            self.assertIn('"/tiny.txt"', first[1])


if __name__ == "__main__":
    unittest.main()
