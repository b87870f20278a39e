// The key that requests to the gateway bear.
#include "modules/billing/gateway_messages.h"

#include "platform/crypto/crypto.h"

namespace fairward::billing {

std::string gateway_api_key(std::string_view secret) {
  return "fwgw_" + crypto::base64url(crypto::bytes_of(crypto::hmac_sha256(secret, "fairward payment gateway api key")));
}

}  // namespace fairward::billing
