#include "modules/identity/cbor.h"

#include <cbor.h>

#include <limits>

namespace fairward::identity {
namespace {

constexpr int levels_max = 8, items_max = 256;

struct Heard {
  CborItem item;
  bool is_taken = false;
};

void take(void* context, CborItem item) { *static_cast<Heard*>(context) = {item, true}; }

void take_number(void* context, std::uint64_t value, bool is_negative) {
  if (value > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) return;
  const auto number = static_cast<std::int64_t>(value);
  take(context, {CborItem::Kind::number, is_negative ? -1 - number : number, {}});
}

void take_count(void* context, CborItem::Kind kind, std::uint64_t count) {
  if (count <= items_max) take(context, {kind, static_cast<std::int64_t>(count), {}});
}

void take_text(void* context, CborItem::Kind kind, const unsigned char* data, std::size_t size) {
  take(context, {kind, 0, {reinterpret_cast<const char*>(data), size}});
}

// Tags, and whatever has no length of its own, are not taken.
cbor_callbacks listening() {
  using Kind = CborItem::Kind;
  cbor_callbacks on = cbor_empty_callbacks;
  on.uint8 = [](void* c, std::uint8_t n) { take_number(c, n, false); };
  on.uint16 = [](void* c, std::uint16_t n) { take_number(c, n, false); };
  on.uint32 = [](void* c, std::uint32_t n) { take_number(c, n, false); };
  on.uint64 = [](void* c, std::uint64_t n) { take_number(c, n, false); };
  on.negint8 = [](void* c, std::uint8_t n) { take_number(c, n, true); };
  on.negint16 = [](void* c, std::uint16_t n) { take_number(c, n, true); };
  on.negint32 = [](void* c, std::uint32_t n) { take_number(c, n, true); };
  on.negint64 = [](void* c, std::uint64_t n) { take_number(c, n, true); };
  on.byte_string = [](void* c, cbor_data data, auto size) { take_text(c, Kind::bytes, data, size); };
  on.string = [](void* c, cbor_data data, auto size) { take_text(c, Kind::text, data, size); };
  on.array_start = [](void* c, auto count) { take_count(c, Kind::list, count); };
  on.map_start = [](void* c, auto count) { take_count(c, Kind::map, count); };
  on.float2 = [](void* c, float) { take(c, {}); };
  on.float4 = [](void* c, float) { take(c, {}); };
  on.float8 = [](void* c, double) { take(c, {}); };
  on.null = [](void* c) { take(c, {}); };
  on.undefined = [](void* c) { take(c, {}); };
  on.boolean = [](void* c, bool) { take(c, {}); };
  return on;
}

}  // namespace

std::optional<CborItem> CborReader::next() {
  static const cbor_callbacks on = listening();
  Heard heard;
  const auto* bytes = reinterpret_cast<const unsigned char*>(rest_.data());
  const cbor_decoder_result result = cbor_stream_decode(bytes, rest_.size(), &on, &heard);
  if (result.status != CBOR_DECODER_FINISHED || !heard.is_taken || result.read > rest_.size()) return std::nullopt;
  rest_.remove_prefix(result.read);
  return heard.item;
}

bool CborReader::skip() {
  int items = items_max;
  return skip(levels_max, items);
}

bool CborReader::skip(int levels, int& items) {
  const auto item = next();
  if (!item || levels == 0 || --items < 0) return false;
  const bool is_nested = item->kind == CborItem::Kind::list || item->kind == CborItem::Kind::map;
  const std::int64_t inner = is_nested ? item->number * (item->kind == CborItem::Kind::map ? 2 : 1) : 0;
  for (std::int64_t i = 0; i < inner; ++i)
    if (!skip(levels - 1, items)) return false;
  return true;
}

}  // namespace fairward::identity
