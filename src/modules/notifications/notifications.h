// What people are told: by e-mail, SMS and inside the application. Hears of the others in the transaction in which
// something happens; words are made at delivery. The only header of this module that others include. Mission J1, J2.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "modules/billing/billing.h"
#include "modules/booking/booking.h"
#include "modules/directory/directory.h"
#include "modules/identity/identity.h"
#include "platform/api/routes.h"
#include "platform/http/http.h"
#include "platform/jobs/jobs.h"
#include "platform/mail/guard.h"
#include "platform/mail/mailer.h"
#include "platform/metrics/metrics.h"
#include "platform/sql/engine.h"
#include "platform/sql/invariant.h"

namespace fairward::notifications {

// To somebody who may have no account yet: a login code, an invitation. Taken in the transaction that it is about.
struct AccountMessage {
  std::string kind;  // "login_code"
  std::optional<UserId> person;
  std::optional<std::string> phone, email;
  std::string language;
  std::vector<std::pair<std::string, std::string>> values;
  std::string secret;  // names what is asked for at delivery and never stored; "" : nothing
};

struct NotificationOptions {
  std::string public_url;                // where people reach the pages: links begin with it
  mail::Mailbox from;                    // of e-mails; without an address there are none
  std::shared_ptr<mail::Mailer> mailer;  // nullptr: no e-mails
  std::string sms_url, sms_key;          // a gateway that takes JSON; "" : no SMS
  std::shared_ptr<mail::Resolver> resolver;
  AddressRanges allowed_networks;   // that calls to addresses which users have typed may reach
  std::string language = "en";      // of who has said nothing
  std::string secret_key;           // calendar addresses are derived from it
  TimeOfDay reminders_at{18 * 60};  // of the evening before, on the hospital's wall
  bool is_sandbox = false;          // nothing is sent; what would have been can be read
};

class Notifications {
 public:
  virtual ~Notifications() = default;
  virtual void routes(api::Routes& routes) = 0;
  virtual void jobs(jobs::Jobs& jobs) = 0;
  virtual void measure(metrics::Metrics& metrics) = 0;
  virtual void take(Txn& txn, const AccountMessage& message) = 0;
  // What a secret stands for, at delivery; nullopt: nothing any more. Blocks. Wired by src/app.
  using Secret = std::function<std::optional<std::string>(std::string_view name, Instant now)>;
  virtual void secret(Secret secret) = 0;
};

// Hears booking and billing from here on.
std::unique_ptr<Notifications> make_notifications(sql::Engine& engine, const Clock& clock, Entropy& entropy,
                                                  http::Client& client, booking::Booking& booking,
                                                  billing::Billing& billing, NotificationOptions options);

// What must hold of messages in every snapshot: see platform/sql/invariant.h.
std::vector<sql::Invariant> invariants();

}  // namespace fairward::notifications
