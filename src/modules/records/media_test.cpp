// What files are taken, whatever they are called.
#include "modules/records/media.h"

#include <gtest/gtest.h>

namespace fairward::records {
namespace {

using namespace std::string_literals;

TEST(media_type_of, goes_by_the_bytes) {
  const std::pair<std::string, std::string_view> table[] = {
      {"%PDF-1.7 x", "application/pdf"},
      {"\x89PNG\r\n\x1a\n0000"s, "image/png"},
      {"\xff\xd8\xff\xe0", "image/jpeg"},
      {"RIFF\0\0\0\0WEBPVP8 "s, "image/webp"},
      {"II*\0\x08"s, "image/tiff"},
      {std::string(128, '\0') + "DICM", "application/dicom"},
      {"Blood pressure 120/80\n", "text/plain"},
      {"", ""},
      {"   ", ""},
      {" <svg xmlns=\"http://www.w3.org/2000/svg\"><script/></svg>", ""},
      {"\n<!doctype html>", ""},
      {"{\"a\":1}", ""},
      {"#!/bin/sh", ""},
      {"GIF89a", "text/plain"},
      {"x%PDF-1.7\0"s, ""},
      {"MZ\x90\0"s, ""},
      {"PK\x03\x04", ""},
      {"\x7f\x45LF", ""},
      {"\xff\xfe<\0"s, ""},
  };
  for (const auto& [bytes, type] : table) EXPECT_EQ(media_type_of(bytes).value_or(""), type) << bytes;
}

TEST(is_declared, lets_nobody_call_it_something_else) {
  EXPECT_TRUE(is_declared("", "image/png"));
  EXPECT_TRUE(is_declared("Image/PNG; q=1", "image/png"));
  EXPECT_TRUE(is_declared("application/octet-stream", "image/png"));
  EXPECT_FALSE(is_declared("text/html", "text/plain"));
}

TEST(attachment_of, lets_no_name_out_of_its_quotes) {
  EXPECT_EQ(attachment_of("a b\"\r\n;.pdf"),
            "attachment; filename=\"a_b____.pdf\"; filename*=UTF-8''a%20b%22%0D%0A%3B.pdf");
}

}  // namespace
}  // namespace fairward::records
