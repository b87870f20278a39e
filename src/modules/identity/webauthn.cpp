#include "modules/identity/webauthn.h"

#include <algorithm>
#include <array>

#include "base/text.h"
#include "modules/identity/cbor.h"
#include "platform/api/json_tree.h"
#include "platform/crypto/crypto.h"
#include "platform/crypto/public_key.h"

namespace fairward::identity {
namespace {

using tl::unexpected;
using Kind = CborItem::Kind;

constexpr std::size_t client_data_bytes_max = 4096, cose_bytes_max = 1024;
constexpr std::size_t hash_bytes = 32, head_bytes = hash_bytes + 1 + 4, aaguid_bytes = 16;
constexpr unsigned flag_present = 0x01, flag_verified = 0x04, flag_can_be_copied = 0x08, flag_is_copied = 0x10,
                   flag_credential = 0x40, flag_extensions = 0x80;
constexpr std::int64_t es256 = -7, eddsa = -8, rs256 = -257;  // IANA, COSE algorithms

struct ClientData {
  std::string purpose, challenge, origin;
  bool is_embedded = false;
};

const std::string* text_of(const api::JsonNode& object, std::string_view name) {
  const api::JsonNode* node = object.member(name);
  return node && node->kind == api::JsonNode::Kind::text ? &node->text : nullptr;
}

// "crossOrigin" is a Boolean where it is there at all.
std::optional<bool> embedded_of(const api::JsonNode& object) {
  const api::JsonNode* node = object.member("crossOrigin");
  if (!node) return false;
  return node->kind == api::JsonNode::Kind::boolean ? std::optional(node->boolean) : std::nullopt;
}

std::optional<ClientData> client_data_read(std::string_view text) {
  if (text.size() > client_data_bytes_max) return std::nullopt;
  const auto tree = api::json_parse(text);
  if (!tree || tree->kind != api::JsonNode::Kind::object || !tree->duplicates.empty()) return std::nullopt;
  const std::string *purpose = text_of(*tree, "type"), *challenge = text_of(*tree, "challenge"),
                    *origin = text_of(*tree, "origin");
  const auto is_embedded = embedded_of(*tree);
  if (!purpose || !challenge || !origin || !is_embedded) return std::nullopt;
  auto bytes = crypto::base64url_decode(*challenge);
  if (!bytes) return std::nullopt;
  return ClientData{*purpose, std::move(*bytes), *origin, *is_embedded};
}

Judged<ClientData> client_data_judge(const RelyingParty& party, std::string_view text, std::string_view purpose) {
  auto data = client_data_read(text);
  if (!data) return unexpected(PasskeyFault::client_data);
  if (data->purpose != purpose) return unexpected(PasskeyFault::purpose);
  if (data->origin != party.origin) return unexpected(PasskeyFault::origin);
  if (data->is_embedded) return unexpected(PasskeyFault::embedded);
  return *std::move(data);
}

struct AuthenticatorData {
  std::string_view party_hash;
  unsigned flags = 0;
  std::int64_t sign_count = 0;
  std::string_view credential_id, public_key;  // where flag_credential is set
  bool has(unsigned flag) const { return (flags & flag) != 0; }
};

std::uint32_t big_endian(std::string_view bytes) {
  std::uint32_t number = 0;
  for (const char c : bytes) number = number << 8 | static_cast<unsigned char>(c);
  return number;
}

// Takes the credential off the text; false when it is cut off.
bool credential_take(std::string_view& rest, AuthenticatorData& data) {
  if (rest.size() < aaguid_bytes + 2) return false;
  const std::size_t size = big_endian(rest.substr(aaguid_bytes, 2));
  rest.remove_prefix(aaguid_bytes + 2);
  if (size == 0 || size > credential_id_bytes_max || rest.size() < size) return false;
  data.credential_id = rest.substr(0, size);
  rest.remove_prefix(size);
  CborReader reader(rest);
  if (!reader.skip()) return false;
  data.public_key = rest.substr(0, rest.size() - reader.rest().size());
  rest = reader.rest();
  return true;
}

bool extensions_take(std::string_view& rest) {
  CborReader map(rest), whole(rest);
  const auto item = map.next();
  if (!item || item->kind != Kind::map || !whole.skip()) return false;
  rest = whole.rest();
  return true;
}

std::optional<AuthenticatorData> authenticator_data_read(std::string_view bytes) {
  if (bytes.size() < head_bytes) return std::nullopt;
  AuthenticatorData data;
  data.party_hash = bytes.substr(0, hash_bytes);
  data.flags = static_cast<unsigned char>(bytes[hash_bytes]);
  data.sign_count = big_endian(bytes.substr(hash_bytes + 1, 4));
  std::string_view rest = bytes.substr(head_bytes);
  if (data.has(flag_credential) && !credential_take(rest, data)) return std::nullopt;
  if (data.has(flag_extensions) && !extensions_take(rest)) return std::nullopt;
  return rest.empty() ? std::optional(data) : std::nullopt;
}

Judged<AuthenticatorData> authenticator_data_judge(const RelyingParty& party, std::string_view bytes) {
  const auto data = authenticator_data_read(bytes);
  if (!data) return unexpected(PasskeyFault::authenticator_data);
  const crypto::Digest party_hash = crypto::sha256(party.id);
  if (data->party_hash != crypto::bytes_of(party_hash)) return unexpected(PasskeyFault::party);
  if (!data->has(flag_present)) return unexpected(PasskeyFault::absent);
  if (!data->has(flag_verified)) return unexpected(PasskeyFault::unverified);
  if (data->has(flag_is_copied) && !data->has(flag_can_be_copied)) return unexpected(PasskeyFault::backup);
  return *data;
}

// The members of a COSE key (RFC 9052, 7) that the three algorithms have.
struct CoseKey {
  std::optional<std::int64_t> type, algorithm, curve;
  std::string_view x, y, modulus, exponent;
};

// Of an RSA key -1 is the modulus and -2 the exponent; of the others the curve and x.
bool cose_member(CoseKey& key, std::int64_t name, const CborItem& value) {
  const bool is_number = value.kind == Kind::number, is_bytes = value.kind == Kind::bytes;
  switch (name) {
    case 1: key.type = value.number; return is_number;
    case 3: key.algorithm = value.number; return is_number;
    case -1:
      if (is_number) key.curve = value.number;
      else key.modulus = value.text;
      return is_number || is_bytes;
    case -2: key.x = key.exponent = value.text; return is_bytes;
    case -3: key.y = value.text; return is_bytes;
    default: return false;
  }
}

std::optional<CoseKey> cose_read(std::string_view bytes) {
  if (bytes.size() > cose_bytes_max) return std::nullopt;
  CborReader reader(bytes);
  const auto map = reader.next();
  if (!map || map->kind != Kind::map) return std::nullopt;
  CoseKey key;
  std::array<bool, 7> seen{};  // names from -3 to 3
  for (std::int64_t i = 0; i < map->number; ++i) {
    const auto name = reader.next(), value = name ? reader.next() : std::nullopt;
    if (!value || name->kind != Kind::number || name->number < -3 || name->number > 3) return std::nullopt;
    if (std::exchange(seen[static_cast<std::size_t>(name->number + 3)], true)) return std::nullopt;
    if (!cose_member(key, name->number, *value)) return std::nullopt;
  }
  return reader.rest().empty() ? std::optional(key) : std::nullopt;
}

enum class KeyKind : std::uint8_t { none, p256, ed25519, rsa };

KeyKind kind_of(const CoseKey& key) {
  constexpr std::int64_t okp = 1, ec2 = 2, rsa = 3, p256 = 1, ed25519 = 6;
  if (key.algorithm == es256 && key.type == ec2 && key.curve == p256) return KeyKind::p256;
  if (key.algorithm == eddsa && key.type == okp && key.curve == ed25519) return KeyKind::ed25519;
  if (key.algorithm == rs256 && key.type == rsa && !key.curve) return KeyKind::rsa;
  return KeyKind::none;
}

bool key_is_good(const CoseKey& key) {
  switch (kind_of(key)) {
    case KeyKind::p256: return crypto::is_good(crypto::P256Key{key.x, key.y});
    case KeyKind::ed25519: return key.x.size() == 32;
    case KeyKind::rsa: return crypto::is_good(crypto::RsaKey{key.modulus, key.exponent});
    case KeyKind::none: break;
  }
  return false;
}

bool signature_is_right(const CoseKey& key, std::string_view message, std::string_view signature) {
  switch (kind_of(key)) {
    case KeyKind::p256: return crypto::es256_verify({key.x, key.y}, message, signature);
    case KeyKind::ed25519: return crypto::ed25519_verify(key.x, message, signature);
    case KeyKind::rsa: return crypto::rs256_verify({key.modulus, key.exponent}, message, signature);
    case KeyKind::none: break;
  }
  return false;
}

// What is signed: the authenticator's data and the hash of the client's.
std::string signed_text(std::string_view authenticator_data, std::string_view client_data) {
  return std::string(authenticator_data).append(crypto::bytes_of(crypto::sha256(client_data)));
}

// What is said of the authenticator's make. Nobody is trusted for it: there is none, or the new key signs for itself,
// which browsers may leave as it is although none was asked for.
struct Statement {
  std::optional<std::int64_t> algorithm;
  std::optional<std::string_view> signature;
  bool is_empty() const { return !algorithm && !signature; }
};

struct Attestation {
  std::string_view format, authenticator_data;
  Statement statement;
};

std::optional<Statement> statement_read(CborReader& reader) {
  const auto map = reader.next();
  if (!map || map->kind != Kind::map) return std::nullopt;
  Statement statement;
  for (std::int64_t i = 0; i < map->number; ++i) {
    const auto name = reader.next(), value = name ? reader.next() : std::nullopt;
    if (!value || name->kind != Kind::text) return std::nullopt;
    if (name->text == "alg" && value->kind == Kind::number && !statement.algorithm) statement.algorithm = value->number;
    else if (name->text == "sig" && value->kind == Kind::bytes && !statement.signature)
      statement.signature = value->text;
    else return std::nullopt;
  }
  return statement;
}

std::optional<Attestation> attestation_read(std::string_view bytes) {
  CborReader reader(bytes);
  const auto map = reader.next();
  if (!map || map->kind != Kind::map || map->number != 3) return std::nullopt;
  std::optional<std::string_view> format, data;
  std::optional<Statement> statement;
  for (int i = 0; i < 3; ++i) {
    const auto name = reader.next();
    if (!name || name->kind != Kind::text) return std::nullopt;
    if (name->text == "attStmt" && !statement) {
      statement = statement_read(reader);
      if (!statement) return std::nullopt;
      continue;
    }
    const auto value = reader.next();
    if (!value) return std::nullopt;
    if (name->text == "fmt" && value->kind == Kind::text && !format) format = value->text;
    else if (name->text == "authData" && value->kind == Kind::bytes && !data) data = value->text;
    else return std::nullopt;
  }
  if (!reader.rest().empty()) return std::nullopt;
  return Attestation{*format, *data, *statement};
}

bool attestation_is_taken(const Attestation& attestation, const CoseKey& key, std::string_view client_data) {
  const Statement& statement = attestation.statement;
  if (attestation.format == "none") return statement.is_empty();
  if (attestation.format != "packed" || statement.algorithm != key.algorithm || !statement.signature) return false;
  return signature_is_right(key, signed_text(attestation.authenticator_data, client_data), *statement.signature);
}

bool is_ip_address(std::string_view host) {
  return host.empty() || host.front() == '[' || host.find_first_not_of("0123456789.") == std::string_view::npos;
}

}  // namespace

std::optional<RelyingParty> relying_party_of(std::string_view public_url) {
  const std::size_t mark = public_url.find("://");
  if (mark == std::string_view::npos) return std::nullopt;
  const std::string scheme = ascii_lower(public_url.substr(0, mark));
  std::string_view place = public_url.substr(mark + 3);
  place = place.substr(0, place.find_first_of("/?#"));
  const std::size_t bracket = place.find(']');
  const std::size_t colon = place.find(':', bracket == std::string_view::npos ? 0 : bracket);
  std::string host = ascii_lower(place.substr(0, colon));
  std::string port = colon == std::string_view::npos ? "" : std::string(place.substr(colon));
  if (host == "127.0.0.1" || host == "[::1]") host = "localhost";
  if (is_ip_address(host)) return std::nullopt;
  if ((scheme == "https" && port == ":443") || (scheme == "http" && port == ":80")) port.clear();
  return RelyingParty{host, scheme + "://" + host + port};
}

std::string_view fault_text(PasskeyFault fault) {
  constexpr std::array<std::string_view, 13> texts{
      "client data malformed", "of another purpose",           "of another origin", "in another site's frame",
      "attestation not taken", "authenticator data malformed", "for another site",  "nobody was there",
      "nobody was verified",   "copies contradicted",          "key not taken",     "signature wrong",
      "counter gone back"};
  return texts[static_cast<std::size_t>(fault)];
}

Judged<NewCredential> registration_judge(const RelyingParty& party, std::string_view client_data,
                                         std::string_view attestation_object) {
  auto client = client_data_judge(party, client_data, "webauthn.create");
  if (!client) return unexpected(client.error());
  const auto attestation = attestation_read(attestation_object);
  if (!attestation) return unexpected(PasskeyFault::attestation);
  const auto data = authenticator_data_judge(party, attestation->authenticator_data);
  if (!data) return unexpected(data.error());
  if (!data->has(flag_credential)) return unexpected(PasskeyFault::authenticator_data);
  const auto key = cose_read(data->public_key);
  if (!key || !key_is_good(*key)) return unexpected(PasskeyFault::key);
  if (!attestation_is_taken(*attestation, *key, client_data)) return unexpected(PasskeyFault::attestation);
  return NewCredential{std::string(data->credential_id), std::string(data->public_key), data->sign_count,
                       data->has(flag_can_be_copied), std::move(client->challenge)};
}

Judged<Assertion> assertion_judge(const RelyingParty& party, const KnownCredential& known, std::string_view client_data,
                                  std::string_view authenticator_data, std::string_view signature) {
  auto client = client_data_judge(party, client_data, "webauthn.get");
  if (!client) return unexpected(client.error());
  const auto data = authenticator_data_judge(party, authenticator_data);
  if (!data) return unexpected(data.error());
  if (data->has(flag_can_be_copied) != known.is_synced) return unexpected(PasskeyFault::backup);
  const auto key = cose_read(known.public_key);
  if (!key) return unexpected(PasskeyFault::key);
  if (!signature_is_right(*key, signed_text(authenticator_data, client_data), signature))
    return unexpected(PasskeyFault::signature);
  const bool is_counting = data->sign_count != 0 || known.sign_count != 0;
  if (is_counting && data->sign_count <= known.sign_count) return unexpected(PasskeyFault::counter);
  return Assertion{data->sign_count, std::move(client->challenge)};
}

}  // namespace fairward::identity
