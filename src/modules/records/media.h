// What a file is, by its first bytes and not by what its sender says. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace fairward::records {

// The kinds that are taken: PDF, PNG, JPEG, WebP, TIFF, DICOM, plain text. nullopt: anything else, and text that a
// browser might take for a page.
std::optional<std::string_view> media_type_of(std::string_view bytes);

// May what was declared be this? Nothing, or octets, may be anything.
bool is_declared(std::string_view content_type, std::string_view media_type);

// For Content-Disposition: the name as it may stand between quotation marks, and percent-encoded in whole.
std::string attachment_of(std::string_view name);

}  // namespace fairward::records
