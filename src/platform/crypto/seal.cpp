#include "platform/crypto/seal.h"

#include <openssl/evp.h>
#include <sodium.h>

#include "base/check.h"
#include "platform/crypto/sodium_ready.h"

namespace fairward::crypto {
namespace {

static_assert(seal_header_bytes == crypto_secretstream_xchacha20poly1305_HEADERBYTES);
static_assert(seal_chunk_overhead == crypto_secretstream_xchacha20poly1305_ABYTES);
constexpr std::size_t sealed_chunk_bytes = seal_chunk_bytes + seal_chunk_overhead;

constexpr char kdf_context[] = "fairseal";  // 8 bytes
enum Purpose : std::uint64_t { purpose_stream = 1, purpose_stamp = 2, purpose_id = 3 };

const unsigned char* bytes_at(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }

}  // namespace

struct Sha256::State {
  std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context{EVP_MD_CTX_new(), &EVP_MD_CTX_free};
};

Sha256::Sha256() : state_(std::make_unique<State>()) {
  FAIRWARD_CHECK(state_->context && EVP_DigestInit_ex(state_->context.get(), EVP_sha256(), nullptr) == 1);
}
Sha256::~Sha256() = default;
void Sha256::add(std::string_view bytes) {
  FAIRWARD_CHECK(EVP_DigestUpdate(state_->context.get(), bytes.data(), bytes.size()) == 1);
}
Digest Sha256::digest() {
  Digest digest;
  FAIRWARD_CHECK(EVP_DigestFinal_ex(state_->context.get(), digest.data(), nullptr) == 1);
  return digest;
}

std::optional<SealKey> SealKey::parse(std::string_view text) {
  sodium_ready();
  auto secret = base64url_decode(text);
  if (!secret || secret->size() != bytes) return std::nullopt;
  SealKey key;
  std::copy(secret->begin(), secret->end(), key.secret_.begin());
  sodium_memzero(secret->data(), secret->size());
  return key;
}

SealKey::~SealKey() { sodium_memzero(secret_.data(), secret_.size()); }

std::array<std::uint8_t, 32> SealKey::derived(std::uint64_t purpose) const {
  static_assert(crypto_kdf_KEYBYTES == bytes);
  std::array<std::uint8_t, 32> key;
  crypto_kdf_derive_from_key(key.data(), key.size(), purpose, kdf_context, secret_.data());
  return key;
}

std::string SealKey::id() const {
  const auto derived_id = derived(purpose_id);
  return hex({reinterpret_cast<const char*>(derived_id.data()), 8});
}

Digest SealKey::stamp(std::string_view text) const {
  const auto key = derived(purpose_stamp);
  return hmac_sha256({reinterpret_cast<const char*>(key.data()), key.size()}, text);
}

struct Sealer::State {
  crypto_secretstream_xchacha20poly1305_state stream;
  std::string sealed;
  ~State() { sodium_memzero(&stream, sizeof stream); }
};

Sealer::Sealer(const SealKey& key, std::string place, Sink sink)
    : state_(std::make_unique<State>()), place_(std::move(place)), sink_(std::move(sink)) {
  std::string header(seal_header_bytes, '\0');
  const auto derived = key.derived(purpose_stream);
  crypto_secretstream_xchacha20poly1305_init_push(&state_->stream, reinterpret_cast<unsigned char*>(header.data()),
                                                  derived.data());
  sink_(seal_magic);
  sink_(header);
}
Sealer::~Sealer() = default;

// The last chunk is only known when there is no more: one is always kept back.
void Sealer::write(std::string_view plain) {
  while (waiting_.size() + plain.size() > seal_chunk_bytes) {
    const std::size_t taken = seal_chunk_bytes - waiting_.size();
    waiting_.append(plain.substr(0, taken));
    plain.remove_prefix(taken);
    push(waiting_, false);
    waiting_.clear();
  }
  waiting_.append(plain);
}

void Sealer::finish() { push(waiting_, true); }

void Sealer::push(std::string_view plain, bool is_last) {
  state_->sealed.resize(plain.size() + seal_chunk_overhead);
  crypto_secretstream_xchacha20poly1305_push(
      &state_->stream, reinterpret_cast<unsigned char*>(state_->sealed.data()), nullptr, bytes_at(plain), plain.size(),
      bytes_at(place_), place_.size(),
      is_last ? crypto_secretstream_xchacha20poly1305_TAG_FINAL : crypto_secretstream_xchacha20poly1305_TAG_MESSAGE);
  sink_(state_->sealed);
}

struct Opener::State {
  crypto_secretstream_xchacha20poly1305_state stream;
  std::array<std::uint8_t, 32> key;
  ~State() {
    sodium_memzero(&stream, sizeof stream);
    sodium_memzero(key.data(), key.size());
  }
};

Opener::Opener(const SealKey& key, std::string place, Sink sink)
    : state_(std::make_unique<State>()), place_(std::move(place)), sink_(std::move(sink)) {
  state_->key = key.derived(purpose_stream);
}
Opener::~Opener() = default;

void Opener::write(std::string_view sealed) {
  waiting_.append(sealed);
  if (!has_begun_ && !begin()) return;
  std::size_t done = 0;
  for (; waiting_.size() - done >= sealed_chunk_bytes; done += sealed_chunk_bytes)
    pull(std::string_view(waiting_).substr(done, sealed_chunk_bytes));
  waiting_.erase(0, done);
}

void Opener::finish() {
  if (!has_begun_) throw SealBroken("it is cut off before its beginning ends");
  if (!waiting_.empty()) pull(waiting_);
  if (!has_ended_) throw SealBroken("it is cut off: the end is missing");
}

// False until magic and header are there.
bool Opener::begin() {
  const std::size_t size = seal_magic.size() + seal_header_bytes;
  if (waiting_.size() < size) return false;
  if (!waiting_.starts_with(seal_magic)) throw SealBroken("it is not a file that this program has sealed");
  const auto* header = bytes_at(waiting_) + seal_magic.size();
  if (crypto_secretstream_xchacha20poly1305_init_pull(&state_->stream, header, state_->key.data()) != 0)
    throw SealBroken("its header is not one");
  waiting_.erase(0, size);
  return has_begun_ = true;
}

void Opener::pull(std::string_view chunk) {
  if (has_ended_) throw SealBroken("there is something behind its end");
  if (chunk.size() < seal_chunk_overhead) throw SealBroken("it is cut off");
  plain_.resize(chunk.size() - seal_chunk_overhead);
  unsigned char tag = 0;
  const int refused = crypto_secretstream_xchacha20poly1305_pull(
      &state_->stream, reinterpret_cast<unsigned char*>(plain_.data()), nullptr, &tag, bytes_at(chunk), chunk.size(),
      bytes_at(place_), place_.size());
  if (refused != 0) throw SealBroken("it was changed or cut off, or belongs elsewhere, or the key is another");
  has_ended_ = tag == crypto_secretstream_xchacha20poly1305_TAG_FINAL;
  if (!has_ended_ && plain_.size() != seal_chunk_bytes) throw SealBroken("it is cut off");
  sink_(plain_);
}

}  // namespace fairward::crypto
