// Bytes of any length, encrypted and authenticated piece by piece as they pass: XChaCha20-Poly1305 in libsodium's
// secretstream. What was cut off, changed, put in another order or belongs elsewhere does not open.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

#include "platform/crypto/crypto.h"

namespace fairward::crypto {

// SHA-256 of what passes.
class Sha256 {
 public:
  Sha256();
  ~Sha256();
  Sha256(const Sha256&) = delete;
  Sha256& operator=(const Sha256&) = delete;
  void add(std::string_view bytes);
  Digest digest();  // once, at the end

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// 32 secret bytes. The keys that are used are derived from it, one for each purpose.
class SealKey {
 public:
  static constexpr std::size_t bytes = 32;
  // base64url of 32 bytes; nullopt when it is not that.
  static std::optional<SealKey> parse(std::string_view text);
  ~SealKey();
  SealKey(const SealKey&) = default;
  SealKey& operator=(const SealKey&) = default;

  std::string id() const;                      // 16 hex digits that tell keys apart and nothing about them
  Digest stamp(std::string_view bytes) const;  // HMAC-SHA256: only who has the key can make it

 private:
  friend class Sealer;
  friend class Opener;
  SealKey() = default;
  std::array<std::uint8_t, 32> derived(std::uint64_t purpose) const;
  std::array<std::uint8_t, 32> secret_{};
};

// magic, 24 bytes of header, then chunks of 64 KiB and 17 bytes each; the last one is marked and may be shorter.
constexpr std::string_view seal_magic = "fairward sealed 1\n";
constexpr std::size_t seal_header_bytes = 24;
constexpr std::size_t seal_chunk_bytes = 64 * 1024;  // of plain text
constexpr std::size_t seal_chunk_overhead = 17;

using Sink = std::function<void(std::string_view)>;

class Sealer {
 public:
  // `place` says what is sealed; it opens only under the same. 1 … 1000 bytes.
  Sealer(const SealKey& key, std::string place, Sink sink);
  ~Sealer();
  Sealer(const Sealer&) = delete;
  Sealer& operator=(const Sealer&) = delete;
  void write(std::string_view plain);
  void finish();

 private:
  struct State;
  void push(std::string_view plain, bool is_last);
  std::unique_ptr<State> state_;
  const std::string place_;
  const Sink sink_;
  std::string waiting_;
};

struct SealBroken : std::runtime_error {
  using std::runtime_error::runtime_error;
};

// The other way. Hands on only what was authenticated; that nothing is missing is known after finish().
class Opener {
 public:
  Opener(const SealKey& key, std::string place, Sink sink);
  ~Opener();
  Opener(const Opener&) = delete;
  Opener& operator=(const Opener&) = delete;
  void write(std::string_view sealed);  // throws SealBroken
  void finish();                        // throws SealBroken

 private:
  struct State;
  bool begin();
  void pull(std::string_view chunk);
  std::unique_ptr<State> state_;
  const std::string place_;
  const Sink sink_;
  std::string waiting_, plain_;
  bool has_begun_ = false, has_ended_ = false;
};

}  // namespace fairward::crypto
