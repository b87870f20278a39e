// Writes a JSON document piece by piece, indented; for documents, not for replies (those: codec.h).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "platform/api/codec.h"

namespace fairward::api {

class JsonWriter {
 public:
  // object("name", [&] { … }) inside an object; object([&] { … }) inside a list.
  template <class F>
  void object(std::string_view name, F&& f) {
    key(name);
    object(f);
  }
  template <class F>
  void object(F&& f) {
    nest('{', '}', f);
  }
  template <class F>
  void list(std::string_view name, F&& f) {
    key(name);
    nest('[', ']', f);
  }
  template <class F>
  void list(F&& f) {
    nest('[', ']', f);
  }
  void text(std::string_view name, std::string_view value) {
    key(name);
    text(value);
  }
  void text(std::string_view value) {
    item();
    encode_text(out_, value);
  }
  void integer(std::string_view name, std::int64_t value) {
    key(name);
    item();
    encode_integer(out_, value);
  }
  void boolean(std::string_view name, bool value) {
    key(name);
    item();
    out_ += value ? "true" : "false";
  }
  std::string take() { return std::move(out_); }

 private:
  void key(std::string_view name) {
    item();
    encode_text(out_, name);
    out_ += ": ";
    is_after_key_ = true;
  }
  // A value follows: the comma and the new line before it.
  void item() {
    if (is_after_key_) {
      is_after_key_ = false;
      return;
    }
    if (depth_ == 0) return;
    if (!is_first_) out_ += ',';
    is_first_ = false;
    line();
  }
  template <class F>
  void nest(char open, char close, F&& f) {
    item();
    out_ += open;
    ++depth_;
    is_first_ = true;
    f();
    --depth_;
    if (!is_first_) line();
    is_first_ = false;
    out_ += close;
  }
  void line() {
    out_ += '\n';
    out_.append(static_cast<std::size_t>(depth_) * 2, ' ');
  }

  std::string out_;
  int depth_ = 0;
  bool is_first_ = true;
  bool is_after_key_ = false;
};

}  // namespace fairward::api
