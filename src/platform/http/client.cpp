// Outgoing HTTP over libcurl: handles of each thread, kept for their connections.
#include <curl/curl.h>

#include <charconv>
#include <mutex>

#include "base/text.h"
#include "platform/http/http.h"

namespace fairward::http {

namespace {

using Easy = std::unique_ptr<CURL, decltype(&curl_easy_cleanup)>;
using HeaderList = std::unique_ptr<curl_slist, decltype(&curl_slist_free_all)>;

// The handle of this thread, with its open connections and nothing else left of the call before. Null: out of memory.
CURL* easy_of_this_thread() {
  static std::once_flag once;
  std::call_once(once, [] { curl_global_init(CURL_GLOBAL_DEFAULT); });
  thread_local const Easy easy(curl_easy_init(), &curl_easy_cleanup);
  if (easy) curl_easy_reset(easy.get());
  return easy.get();
}

const char* name_of(Method method) {
  switch (method) {
    case Method::get: return "GET";
    case Method::head: return "HEAD";
    case Method::post: return "POST";
    case Method::put: return "PUT";
    case Method::patch: return "PATCH";
    case Method::del: return "DELETE";
    case Method::options: return "OPTIONS";
    case Method::other: break;
  }
  return nullptr;
}

struct Answer {
  std::string body;
  std::size_t bytes_max = 0;
};

std::size_t take_bytes(char* bytes, std::size_t, std::size_t size, void* target) {
  auto& answer = *static_cast<Answer*>(target);
  if (size > answer.bytes_max - answer.body.size()) return CURL_WRITEFUNC_ERROR;
  answer.body.append(bytes, size);
  return size;
}

// "host:port:address,address": see CURLOPT_RESOLVE. Null when the url cannot be read.
HeaderList addresses_list(const OutgoingRequest& request) {
  const auto url = url_parse(request.url);
  if (!url) return {nullptr, &curl_slist_free_all};
  std::string entry = url->host + ":" + std::to_string(url->port) + ":";
  for (const Address& address : request.addresses)
    entry += (entry.ends_with(':') ? "" : ",") + (address.is_v4() ? address.to_text() : "[" + address.to_text() + "]");
  return {curl_slist_append(nullptr, entry.c_str()), &curl_slist_free_all};
}

bool is_sendable(const OutgoingRequest& request) {
  constexpr std::string_view breaks("\r\n\0", 3);
  for (const auto& [name, value] : request.headers)
    if (name.empty() || name.find_first_of(breaks) != std::string::npos ||
        value.find_first_of(breaks) != std::string::npos)
      return false;
  return request.url.find_first_of(breaks) == std::string::npos && name_of(request.method) && request.timeout_ms > 0;
}

// "Name;" is how libcurl is told to send a header without a value.
HeaderList header_list(const OutgoingRequest& request) {
  curl_slist* list = curl_slist_append(nullptr, "Expect:");
  for (const auto& [name, value] : request.headers)
    list = curl_slist_append(list, (value.empty() ? name + ";" : name + ": " + value).c_str());
  return {list, &curl_slist_free_all};
}

// No redirects: the address was checked by the caller, the next one would not be. No proxy from the environment.
void set_guards(CURL* easy, int timeout_ms) {
  curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
  curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(easy, CURLOPT_PROXY, "");
  curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, static_cast<long>(timeout_ms));
  curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(timeout_ms));
  curl_easy_setopt(easy, CURLOPT_USERAGENT, "fairward");
}

void set_message(CURL* easy, const OutgoingRequest& request, const HeaderList& headers) {
  curl_easy_setopt(easy, CURLOPT_URL, request.url.c_str());
  curl_easy_setopt(easy, CURLOPT_HTTPHEADER, headers.get());
  const bool has_body = !request.body.empty() || request.method == Method::post || request.method == Method::put ||
                        request.method == Method::patch;
  if (has_body) {
    curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body.size()));
    curl_easy_setopt(easy, CURLOPT_POSTFIELDS, request.body.data());
  }
  if (request.method == Method::head) curl_easy_setopt(easy, CURLOPT_NOBODY, 1L);
  else curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, name_of(request.method));
}

constexpr const char* unsendable = "the request cannot be sent";

// One request on its way. Stays where it is: libcurl has its address.
class Transfer {
 public:
  Transfer(CURL* easy, const OutgoingRequest& request)
      : easy_(easy), headers_(header_list(request)), answer_{{}, request.answer_bytes_max} {
    set_guards(easy, request.timeout_ms);
    set_message(easy, request, headers_);
    if (!request.addresses.empty()) {
      addresses_ = addresses_list(request);
      curl_easy_setopt(easy, CURLOPT_RESOLVE, addresses_.get());
    }
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, &take_bytes);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, &answer_);
    curl_easy_setopt(easy, CURLOPT_PRIVATE, this);
  }
  Transfer(const Transfer&) = delete;
  Transfer& operator=(const Transfer&) = delete;

  CURL* easy() const { return easy_; }
  OutgoingResult result(CURLcode code) {
    if (code == CURLE_WRITE_ERROR) return {std::nullopt, "the answer is too large"};
    if (code != CURLE_OK) return {std::nullopt, curl_easy_strerror(code)};
    long status = 0;
    curl_easy_getinfo(easy_, CURLINFO_RESPONSE_CODE, &status);
    return {OutgoingResponse{static_cast<int>(status), std::move(answer_.body)}, {}};
  }
  CURLcode ended = CURLE_AGAIN;  // of those side by side: how

 private:
  CURL* const easy_;
  const HeaderList headers_;
  HeaderList addresses_{nullptr, &curl_slist_free_all};
  Answer answer_;
};

// The handles of this thread for calls side by side; the connections belong to the first of them.
struct Bundle {
  using Multi = std::unique_ptr<CURLM, decltype(&curl_multi_cleanup)>;
  Multi multi{curl_multi_init(), &curl_multi_cleanup};
  std::vector<Easy> handles;

  CURL* handle(std::size_t index) {
    while (handles.size() <= index) handles.emplace_back(curl_easy_init(), &curl_easy_cleanup);
    if (handles[index]) curl_easy_reset(handles[index].get());
    return handles[index].get();
  }
};

class CurlClient final : public Client {
 public:
  std::optional<OutgoingResponse> call(const OutgoingRequest& request, std::string* why) override {
    // What says where to connect shares neither connections nor remembered names with anybody.
    CURL* const shared = easy_of_this_thread();
    const Easy own(request.addresses.empty() ? nullptr : curl_easy_init(), &curl_easy_cleanup);
    CURL* const easy = request.addresses.empty() ? shared : own.get();
    OutgoingResult result{std::nullopt, unsendable};
    if (easy && is_sendable(request)) {
      Transfer transfer(easy, request);
      result = transfer.result(curl_easy_perform(easy));
    }
    if (why) *why = std::move(result.why);
    return std::move(result.response);
  }

  std::vector<OutgoingResult> call_many(std::span<const OutgoingRequest> requests) override {
    easy_of_this_thread();  // libcurl is ready from here on
    thread_local Bundle bundle;
    std::vector<std::unique_ptr<Transfer>> transfers(requests.size());
    for (std::size_t i = 0; i < requests.size(); ++i) {
      CURL* const easy = bundle.multi && requests[i].addresses.empty() ? bundle.handle(i) : nullptr;
      if (!easy || !is_sendable(requests[i])) continue;
      transfers[i] = std::make_unique<Transfer>(easy, requests[i]);
      curl_multi_add_handle(bundle.multi.get(), easy);
    }
    run(bundle.multi.get());
    std::vector<OutgoingResult> results;
    for (const auto& transfer : transfers) {
      if (transfer) curl_multi_remove_handle(bundle.multi.get(), transfer->easy());
      results.push_back(transfer ? transfer->result(transfer->ended) : OutgoingResult{std::nullopt, unsendable});
    }
    for (std::size_t i = 0; i < requests.size(); ++i)
      if (!requests[i].addresses.empty()) results[i].response = call(requests[i], &results[i].why);
    return results;
  }

 private:
  // Until all have ended: each has a time limit of its own.
  static void run(CURLM* multi) {
    constexpr int look_again_ms = 1000;
    int running = multi ? 1 : 0;
    while (running > 0) {
      if (curl_multi_perform(multi, &running) != CURLM_OK) break;
      if (running > 0 && curl_multi_poll(multi, nullptr, 0, look_again_ms, nullptr) != CURLM_OK) break;
    }
    int left = 0;
    while (const CURLMsg* const message = multi ? curl_multi_info_read(multi, &left) : nullptr) {
      Transfer* transfer = nullptr;
      curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &transfer);
      if (message->msg == CURLMSG_DONE) transfer->ended = message->data.result;
    }
  }
};

}  // namespace

std::optional<Url> url_parse(const std::string& text) {
  using Handle = std::unique_ptr<CURLU, decltype(&curl_url_cleanup)>;
  const Handle handle(curl_url(), &curl_url_cleanup);
  if (!handle || text.find('\0') != std::string::npos ||
      curl_url_set(handle.get(), CURLUPART_URL, text.c_str(), 0) != CURLUE_OK)
    return std::nullopt;
  const auto part = [&](CURLUPart which) {
    char* value = nullptr;
    if (curl_url_get(handle.get(), which, &value, CURLU_DEFAULT_PORT) != CURLUE_OK) return std::string();
    std::string copy(value);
    curl_free(value);
    return copy;
  };
  Url url{ascii_lower(part(CURLUPART_SCHEME)), ascii_lower(part(CURLUPART_HOST)), 0, false};
  const std::string port = part(CURLUPART_PORT);
  std::from_chars(port.data(), port.data() + port.size(), url.port);
  url.has_login = !part(CURLUPART_USER).empty() || !part(CURLUPART_PASSWORD).empty();
  if (url.host.starts_with('[') && url.host.ends_with(']')) url.host = url.host.substr(1, url.host.size() - 2);
  if (!part(CURLUPART_ZONEID).empty()) return std::nullopt;
  const bool is_known = url.scheme == "http" || url.scheme == "https";
  return is_known && !url.host.empty() && url.port != 0 ? std::optional(std::move(url)) : std::nullopt;
}

std::vector<OutgoingResult> Client::call_many(std::span<const OutgoingRequest> requests) {
  std::vector<OutgoingResult> results;
  for (const OutgoingRequest& request : requests) {
    OutgoingResult result;
    result.response = call(request, &result.why);
    results.push_back(std::move(result));
  }
  return results;
}

std::unique_ptr<Client> make_client() { return std::make_unique<CurlClient>(); }

}  // namespace fairward::http
