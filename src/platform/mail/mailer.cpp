// SMTP over libcurl, one connection a message.
#include "platform/mail/mailer.h"

#include <curl/curl.h>

#include <algorithm>
#include <cstring>
#include <mutex>

namespace fairward::mail {
namespace {

using Easy = std::unique_ptr<CURL, decltype(&curl_easy_cleanup)>;
using List = std::unique_ptr<curl_slist, decltype(&curl_slist_free_all)>;

struct Source {
  std::string text;
  std::size_t at = 0;
};

std::size_t give_bytes(char* buffer, std::size_t size, std::size_t count, void* source) {
  auto& from = *static_cast<Source*>(source);
  const std::size_t bytes = std::min(size * count, from.text.size() - from.at);
  std::memcpy(buffer, from.text.data() + from.at, bytes);
  from.at += bytes;
  return bytes;
}

Easy easy_make() {
  static std::once_flag once;
  std::call_once(once, [] { curl_global_init(CURL_GLOBAL_DEFAULT); });
  return {curl_easy_init(), &curl_easy_cleanup};
}

long use_ssl(Tls tls) {
  switch (tls) {
    case Tls::required: return CURLUSESSL_ALL;
    case Tls::offered: return CURLUSESSL_TRY;
    case Tls::none: break;
  }
  return CURLUSESSL_NONE;
}

class SmtpMailer final : public Mailer {
 public:
  explicit SmtpMailer(SmtpOptions options) : options_(std::move(options)) {}

  Sent send(const Message& message) override {
    auto text = message_text(message);
    if (!text) return {Verdict::refused, "an address cannot be written to"};
    const Easy easy = easy_make();
    if (!easy) return {Verdict::again, "out of memory"};
    Source source{std::move(*text), 0};
    const List recipients(curl_slist_append(nullptr, message.to.address.c_str()), &curl_slist_free_all);
    set_server(easy.get(), message.from.address);
    curl_easy_setopt(easy.get(), CURLOPT_MAIL_FROM, message.from.address.c_str());
    curl_easy_setopt(easy.get(), CURLOPT_MAIL_RCPT, recipients.get());
    curl_easy_setopt(easy.get(), CURLOPT_READFUNCTION, &give_bytes);
    curl_easy_setopt(easy.get(), CURLOPT_READDATA, &source);
    curl_easy_setopt(easy.get(), CURLOPT_UPLOAD, 1L);
    return sent(easy.get(), curl_easy_perform(easy.get()));
  }

 private:
  // The server is greeted with the domain that the message comes from, not with the name of this machine.
  void set_server(CURL* easy, const std::string& from) const {
    std::string url = options_.url;
    while (url.ends_with('/')) url.pop_back();
    url += "/" + from.substr(from.find('@') + 1);
    curl_easy_setopt(easy, CURLOPT_URL, url.c_str());
    curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
    curl_easy_setopt(easy, CURLOPT_USE_SSL, use_ssl(options_.tls));
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_PROXY, "");
    curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, static_cast<long>(options_.timeout_ms));
    curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(options_.timeout_ms) / 2);
    if (!options_.ca_file.empty()) curl_easy_setopt(easy, CURLOPT_CAINFO, options_.ca_file.c_str());
    if (options_.user.empty()) return;
    curl_easy_setopt(easy, CURLOPT_USERNAME, options_.user.c_str());
    curl_easy_setopt(easy, CURLOPT_PASSWORD, options_.password.c_str());
  }

  // 5xx to what is this message's own (its addresses, its text) will be 5xx for ever; a login that is denied is for the
  // operator to mend.
  static Sent sent(CURL* easy, CURLcode code) {
    if (code == CURLE_OK) return {};
    long answer = 0;
    curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &answer);
    const std::string why = std::string(curl_easy_strerror(code)) + ", answer " + std::to_string(answer);
    const bool is_of_message = code == CURLE_SEND_ERROR || code == CURLE_RECV_ERROR || code == CURLE_WEIRD_SERVER_REPLY;
    return {is_of_message && answer >= 500 && answer < 600 ? Verdict::refused : Verdict::again, why, answer == 0};
  }

  const SmtpOptions options_;
};

}  // namespace

std::unique_ptr<Mailer> make_smtp_mailer(SmtpOptions options) {
  return std::make_unique<SmtpMailer>(std::move(options));
}

}  // namespace fairward::mail
