// JSON text as a tree: Boost.JSON's incremental parser, because its own value forgets duplicate names.
#include "platform/api/json_tree.h"

#include <boost/json/basic_parser_impl.hpp>
#include <charconv>

#include "platform/api/problems.h"

namespace fairward::api {
namespace {

namespace json = boost::json;

constexpr std::size_t depth_max = 32;
constexpr std::size_t values_max = 20'000;
constexpr std::size_t members_max = 200;
constexpr std::size_t name_bytes_max = 256;

// Builds the tree from the parser's events.
class TreeBuilder {
 public:
  static constexpr std::size_t max_object_size = members_max;
  static constexpr std::size_t max_array_size = values_max;
  static constexpr std::size_t max_key_size = name_bytes_max;
  static constexpr std::size_t max_string_size = std::size_t(-1);

  JsonNode take() { return std::move(root_); }

  bool on_document_begin(json::error_code&) { return true; }
  bool on_document_end(json::error_code&) { return true; }
  bool on_object_begin(json::error_code&) { return open(JsonNode::Kind::object); }
  bool on_array_begin(json::error_code&) { return open(JsonNode::Kind::list); }
  bool on_object_end(std::size_t, json::error_code& error) { return close(error); }
  bool on_array_end(std::size_t, json::error_code& error) { return close(error); }

  bool on_key_part(json::string_view part, std::size_t, json::error_code&) {
    open_.back().name.append(part.data(), part.size());
    return true;
  }
  bool on_key(json::string_view part, std::size_t size, json::error_code& error) {
    return on_key_part(part, size, error);
  }
  bool on_string_part(json::string_view part, std::size_t, json::error_code&) {
    text_.append(part.data(), part.size());
    return true;
  }
  bool on_string(json::string_view part, std::size_t, json::error_code& error) {
    JsonNode node{JsonNode::Kind::text};
    node.text = std::move(text_);
    node.text.append(part.data(), part.size());
    text_.clear();
    return add(std::move(node), error);
  }
  bool on_number_part(json::string_view part, json::error_code&) {
    number_.append(part.data(), part.size());
    return true;
  }
  bool on_int64(std::int64_t value, json::string_view, json::error_code& error) {
    number_.clear();
    JsonNode node{JsonNode::Kind::integer};
    node.integer = value;
    node.real = static_cast<double>(value);
    return add(std::move(node), error);
  }
  bool on_uint64(std::uint64_t value, json::string_view text, json::error_code& error) {
    if (value > static_cast<std::uint64_t>(INT64_MAX)) return on_double(static_cast<double>(value), text, error);
    return on_int64(static_cast<std::int64_t>(value), text, error);
  }
  // The parser's value may be off in the last digits; beyond what a double holds it is all there is.
  bool on_double(double value, json::string_view part, json::error_code& error) {
    on_number_part(part, error);
    JsonNode node{JsonNode::Kind::real};
    node.real = value;
    std::from_chars(number_.data(), number_.data() + number_.size(), node.real);
    number_.clear();
    return add(std::move(node), error);
  }
  bool on_bool(bool value, json::error_code& error) {
    JsonNode node{JsonNode::Kind::boolean};
    node.boolean = value;
    return add(std::move(node), error);
  }
  bool on_null(json::error_code& error) { return add({}, error); }
  bool on_comment_part(json::string_view, json::error_code&) { return true; }
  bool on_comment(json::string_view, json::error_code&) { return true; }

 private:
  struct Open {
    JsonNode node;
    std::string name;  // of the member that comes next
  };

  bool open(JsonNode::Kind kind) {
    open_.push_back({JsonNode{kind}, {}});
    return true;
  }
  bool close(json::error_code& error) {
    JsonNode node = std::move(open_.back().node);
    open_.pop_back();
    return add(std::move(node), error);
  }
  bool add(JsonNode&& node, json::error_code& error) {
    if (++values_ > values_max) {
      error = json::error::array_too_large;
      return false;
    }
    if (open_.empty()) {
      root_ = std::move(node);
      return true;
    }
    Open& parent = open_.back();
    if (parent.node.kind == JsonNode::Kind::list) parent.node.items.push_back(std::move(node));
    else add_member(parent, std::move(node));
    return true;
  }
  static void add_member(Open& parent, JsonNode&& node) {
    if (parent.node.member(parent.name)) parent.node.duplicates.push_back(parent.name);
    else parent.node.members.emplace_back(parent.name, std::move(node));
    parent.name.clear();
  }

  JsonNode root_;
  std::vector<Open> open_;
  std::string text_, number_;
  std::size_t values_ = 0;
};

Failed malformed(std::size_t at, const std::string& why) {
  return fail(request_malformed, {{"", "not JSON at byte " + std::to_string(at) + ": " + why}});
}

}  // namespace

const JsonNode* JsonNode::member(std::string_view name) const {
  for (const auto& [own, node] : members)
    if (own == name) return &node;
  return nullptr;
}

Result<JsonNode> json_parse(std::string_view text) {
  json::parse_options options;
  options.max_depth = depth_max;
  json::basic_parser<TreeBuilder> parser(options);
  json::error_code error;
  const std::size_t read = parser.write_some(false, text.data(), text.size(), error);
  if (error) return malformed(read, error.message());
  if (text.find_first_not_of(" \t\r\n", read) != std::string_view::npos) return malformed(read, "text after the end");
  return parser.handler().take();
}

}  // namespace fairward::api
