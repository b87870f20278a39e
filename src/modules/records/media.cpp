// See the header.
#include "modules/records/media.h"

#include <fmt/format.h>

#include <array>

#include "base/text.h"

namespace fairward::records {
namespace {

using namespace std::string_view_literals;

struct Magic {
  std::size_t at;
  std::string_view bytes, media_type;
};
constexpr std::array magics{
    Magic{0, "%PDF-"sv, "application/pdf"},    Magic{0, "\x89PNG\r\n\x1a\n"sv, "image/png"},
    Magic{0, "\xff\xd8\xff"sv, "image/jpeg"},  Magic{8, "WEBPVP8"sv, "image/webp"},
    Magic{0, "II*\0"sv, "image/tiff"},         Magic{0, "MM\0*"sv, "image/tiff"},
    Magic{128, "DICM"sv, "application/dicom"},
};

// Words without markup: what a browser would show as a page, a picture or a script begins with a bracket.
bool is_plain_text(std::string_view bytes) {
  if (!utf8_valid(bytes) || has_control_characters(bytes, true)) return false;
  const std::string_view begin = trimmed(bytes);
  return !begin.empty() && begin.front() != '<' && begin.front() != '{' && !begin.starts_with("#!");
}

bool is_name_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '_';
}

}  // namespace

std::optional<std::string_view> media_type_of(std::string_view bytes) {
  for (const Magic& magic : magics)
    if (bytes.size() > magic.at && bytes.substr(magic.at).starts_with(magic.bytes)) return magic.media_type;
  if (is_plain_text(bytes)) return "text/plain";
  return std::nullopt;
}

bool is_declared(std::string_view content_type, std::string_view media_type) {
  const std::string declared = ascii_lower(trimmed(content_type.substr(0, content_type.find(';'))));
  return declared.empty() || declared == "application/octet-stream" || declared == media_type;
}

std::string attachment_of(std::string_view name) {
  std::string plain, encoded;
  for (const char c : name) {
    plain += is_name_letter(c) ? c : '_';
    if (is_name_letter(c)) encoded += c;
    else encoded += fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return fmt::format("attachment; filename=\"{}\"; filename*=UTF-8''{}", plain, encoded);
}

}  // namespace fairward::records
