// How the importer treats good, broken and repeated rows; small files made here, the real ones when they are at hand.
#include "modules/directory/importer.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include <unistd.h>

#include "base/csv.h"
#include "modules/directory/fixture_test.h"

namespace fairward::directory {
namespace {

std::string rows_text(std::string_view csv, std::size_t piece) {
  std::string out;
  CsvReader reader(',', [&](CsvRow&& row) {
    if (row.is_blank()) return;
    out += std::to_string(row.line) + ":";
    for (const auto& field : row.fields) out += "[" + field + "]";
    out += row.problem + ";";
  });
  for (std::size_t at = 0; at < csv.size(); at += piece) reader.feed(csv.substr(at, piece));
  reader.finish();
  return out;
}

TEST(csv, reads_what_rfc_4180_says_and_survives_the_rest) {
  const struct {
    std::string_view text, rows;
  } cases[] = {
      {"a,b\r\nc,d\r\n", "1:[a][b];2:[c][d];"},
      {"a,b\nc,d", "1:[a][b];2:[c][d];"},
      {"a\rb\r", "1:[a];2:[b];"},
      {"\xEF\xBB\xBF"
       "a,b\n",
       "1:[a][b];"},
      {"\xEF\xBBz\n", "1:[\xEF\xBBz];"},
      {"\"a,\"\"b\"\"\r\nc\",d\nx,y\n", "1:[a,\"b\"\r\nc][d];3:[x][y];"},
      {"a,,\n", "1:[a][][];"},
      {"\n\r\n\na\n", "4:[a];"},
      {"\"a\"b,c\nd\n", "1:[ab][c]text after a closing quotation mark;2:[d];"},
      {"a\"b,c\nd\n", "1:[a\"b][c]quotation mark within a plain field;2:[d];"},
      {"a,\"never closed\nb,c\n", "1:[a][never closed\nb,c\n]quotation mark never closed;"},
      {"\"\",", "1:[][];"},
      {"", ""},
  };
  for (const auto& c : cases) {
    for (const std::size_t piece : {std::size_t{1}, std::size_t{2}, std::size_t{1000}}) {
      EXPECT_EQ(rows_text(c.text, piece), c.rows) << c.text;
    }
  }
}

TEST(csv, bounds_fields_and_rows) {
  EXPECT_NE(rows_text(std::string(100'000, 'x') + "\nok\n", 4096).find("field too long;2:[ok];"), std::string::npos);
  EXPECT_NE(rows_text(std::string(1000, ',') + "\nok\n", 4096).find("too many fields;2:[ok];"), std::string::npos);
}

TEST(mapping, is_parsed_from_toml_or_refused_with_a_reason) {
  const auto good =
      mapping_parse("source='list'\ndelimiter=';'\nheader=false\n[columns]\n0='hospital_name'\n2='city'\n");
  ASSERT_TRUE(good);
  EXPECT_EQ(good->columns.size(), 2u);
  EXPECT_EQ(good->delimiter, ';');
  const struct {
    std::string_view text, reason;
  } cases[] = {
      {"", "[columns] is missing"},
      {"[columns]\na='nonsense'", "columns.a names no known field"},
      {"[columns]\na='phone'", "columns must name hospital_name or postal_code"},
      {"header=false\n[columns]\na='hospital_name'", "without a header the columns are given by number, from 0"},
      {"time_zone='Mars/Base'\n[columns]\na='hospital_name'", "time_zone is not an IANA zone"},
      {"delimiter='ab'\n[columns]\na='hospital_name'", "delimiter must be one character"},
  };
  for (const auto& c : cases) EXPECT_EQ(mapping_parse(c.text).error(), c.reason);
  EXPECT_FALSE(mapping_parse("= broken"));
}

TEST(mapping, knows_the_usual_headers) {
  EXPECT_TRUE(mapping_detect({"Sr_No", "Hospital_Name", "State", "District", "Pincode"}));
  EXPECT_TRUE(mapping_detect({"pincode", "lat", "lon"}));
  EXPECT_FALSE(mapping_detect({"a", "b"}));
}

class ImporterTest : public DirectoryTest {
 protected:
  ~ImporterTest() override { std::filesystem::remove(path); }
  ImportReport import(const std::string& text, const std::optional<Mapping>& mapping = std::nullopt) {
    std::ofstream(path, std::ios::binary) << text;
    const auto report = import_directory(*engine, path, mapping);
    EXPECT_EQ(report.rows, report.imported + report.updated + report.unchanged + report.duplicate + report.rejected);
    return report;
  }
  static std::string counts(const ImportReport& r) {
    return std::to_string(r.rows) + " " + std::to_string(r.imported) + " " + std::to_string(r.updated) + " " +
           std::to_string(r.unchanged) + " " + std::to_string(r.duplicate) + " " + std::to_string(r.rejected);
  }
  const std::string path =
      std::filesystem::temp_directory_path() / ("fairward_import_" + std::to_string(::getpid()) + ".csv");
  const std::string hospitals =
      "Sr_No,Hospital_Name,State,District,Pincode,Ambulance_Phone_No,State_ID,District_ID\r\n"
      "1,Civil Hospital,Maharashtra,Pune,411001,112,27,1\r\n"
      "2,\"Lotus, Eye Clinic\",Maharashtra,Pune,0,020 1234567,27,1\r\n"
      "3,Civil Hospital,MAHARASHTRA,pune,411 001,0,27,1\r\n"
      "4,,Maharashtra,Pune,411001,0,27,1\r\n"
      "5,Broken \"quote,Maharashtra,Pune,411001,0,27,1\r\n";
};

TEST_F(ImporterTest, takes_every_row_once) {
  const auto first = import(hospitals);
  EXPECT_EQ(counts(first), "5 2 0 0 1 2");
  EXPECT_EQ(first.without_postal_code, 1);
  ASSERT_EQ(first.rejections.size(), 2u);
  EXPECT_EQ(first.rejections[0].line, 5);
  EXPECT_EQ(first.rejections[0].reason, "hospital name is missing");
  EXPECT_EQ(counts(import(hospitals)), "5 0 0 2 1 2");
}

TEST_F(ImporterTest, coordinates_enrich_or_insert_and_postal_codes_locate) {
  import(hospitals);
  const std::string places =
      ",index,Location_Coordinates,Location,Hospital_Name,State,District\n"
      "0,0,\"18.52, 73.85\",Station Road,Civil Hospital,Maharashtra,Pune\n"
      "1,1,\"18.60, 73.90\",Ring Road,New Hospital,Maharashtra,Pune\n"
      "2,2,\"118.60, 73.90\",Ring Road,Lotus Eye Clinic,Maharashtra,Pune\n";
  const auto report = import(places);
  EXPECT_EQ(counts(report), "3 1 2 0 0 0");  // the clinic is known by name and city; its broken place is left out
  EXPECT_EQ(report.without_place, 1);
  EXPECT_EQ(counts(import(places)), "3 0 0 3 0 0");
  const std::string no_city =
      "Location_Coordinates,Hospital_Name,Address_Original_First_Line\n"
      "\"18.5201, 73.8501\",Civil Hospital,Elsewhere\n"
      "\"18.53, 73.86\",Third Hospital,Here\n"
      "\"1, 1\",Far Hospital,Sea\n";
  EXPECT_EQ(counts(import(no_city)), "3 1 0 1 0 1");
  EXPECT_EQ(counts(import(no_city)), "3 0 0 2 0 1");
}

TEST_F(ImporterTest, postal_codes_give_places_to_hospitals_that_have_none) {
  import(hospitals);
  const auto report = import("pincode,lat,lon\n411001,18.52,73.85\n411002,0,0\nabc,1,1\n411001,1,1\n");
  EXPECT_EQ(counts(report), "4 2 0 0 1 1");
  EXPECT_EQ(report.hospitals_located, 1);
  EXPECT_EQ(report.without_place, 1);
  EXPECT_EQ(counts(import("officeName,pincode,taluk,districtName,stateName\nA,411001,X,Pune,MH\nB,411001,X,Pune,MH\n")),
            "2 0 1 0 1 0");
  load();
  EXPECT_EQ(module.postal_code_view(call, {PostalCodeText{"411001"}})->city_name, "Pune");
}

TEST_F(ImporterTest, refuses_files_it_cannot_read) {
  EXPECT_EQ(import("a,b\n1,2\n").failure, "the header is not known; give a mapping");
  EXPECT_EQ(import("").failure, "the file has no rows");
  EXPECT_EQ(import_directory(*engine, "/nowhere/at/all.csv", {}).failure, "the file cannot be opened");
  const auto headless = mapping_parse("header=false\ndelimiter='|'\n[columns]\n0='hospital_name'\n1='city'\n");
  EXPECT_EQ(counts(import("Alpha|Pune\nBeta|Pune\n", *headless)), "2 2 0 0 0 0");
}

// The real lists, when FAIRWARD_SHARED_DATA names the folder that holds them.
TEST_F(ImporterTest, real_files) {
  const char* folder = std::getenv("FAIRWARD_SHARED_DATA");
  if (folder == nullptr) GTEST_SKIP() << "FAIRWARD_SHARED_DATA is not set";
  const std::string base = folder;
  const struct {
    std::string path;
    std::int64_t rows;
  } files[] = {
      {"/in_national_hospital_directory/hospital_directory_30k.csv.gz", 30'264},
      {"/in_national_hospital_directory/hospital_directory_10k_coords_district.csv.gz", 10'290},
      {"/in_national_hospital_directory/hospital_directory_11k_coords_address.csv.gz", 10'843},
      {"/in_pincodes/pincode_lat_long.csv.gz", 18'925},
      {"/in_pincodes/post_offices.csv.gz", 154'823},
  };
  for (int round = 0; round < 2; ++round) {
    for (const auto& file : files) {
      if (!std::filesystem::exists(base + file.path)) GTEST_SKIP() << file.path << " is missing";
      const auto report = import_directory(*engine, base + file.path, {});
      EXPECT_EQ(report.failure, "");
      EXPECT_EQ(report.rows, file.rows);
      EXPECT_EQ(report.rows, report.imported + report.updated + report.unchanged + report.duplicate + report.rejected)
          << file.path;
      if (round == 1) { EXPECT_EQ(report.imported + report.updated, 0) << file.path; }
    }
  }
}

}  // namespace
}  // namespace fairward::directory
