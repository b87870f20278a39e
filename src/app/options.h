// Settings to the options of the parts.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "app/composition.h"
#include "platform/config/config.h"
#include "platform/http/http.h"

namespace fairward::app {

// Where this program reaches itself; an address that means "all" is reached by the loopback.
std::string own_url(const config::Settings& settings, std::uint16_t port);

http::ServerOptions server_options(const config::Settings& settings);

// What settings do not say: the generated key, and where the gateway and this program are.
struct Addresses {
  std::string signing_key, gateway_url, gateway_secret, callback_url, public_url;
};
// The lists of node.modules and node.hospitals; nullopt for what is not one.
std::optional<std::set<std::string, std::less<>>> modules_parse(std::string_view list);
std::optional<std::set<HospitalId>> hospitals_parse(std::string_view list);
// The mistake in settings that single values do not show; "" when all is well.
std::string settings_fault(const config::Settings& settings);
// Of settings without fault.
ProductOptions product_options(const config::Settings& settings, const Addresses& addresses);

}  // namespace fairward::app
