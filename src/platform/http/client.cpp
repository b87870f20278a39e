// Outgoing HTTP over libcurl: one easy handle per thread, kept for its connections.
#include <curl/curl.h>

#include <mutex>

#include "platform/http/http.h"

namespace fairward::http {

namespace {

constexpr std::size_t answer_bytes_max = 4 * 1024 * 1024;

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

std::size_t take_bytes(char* bytes, std::size_t, std::size_t size, void* target) {
  auto& body = *static_cast<std::string*>(target);
  if (size > answer_bytes_max - body.size()) return CURL_WRITEFUNC_ERROR;
  body.append(bytes, size);
  return size;
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

class CurlClient final : public Client {
 public:
  std::optional<OutgoingResponse> call(const OutgoingRequest& request, std::string* why) override {
    CURL* const easy = easy_of_this_thread();
    if (!easy || !is_sendable(request)) return failed(why, "the request cannot be sent");
    const HeaderList headers = header_list(request);
    OutgoingResponse response{0, {}};
    set_guards(easy, request.timeout_ms);
    set_message(easy, request, headers);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, &take_bytes);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, &response.body);
    const CURLcode code = curl_easy_perform(easy);
    if (code == CURLE_WRITE_ERROR) return failed(why, "the answer is too large");
    if (code != CURLE_OK) return failed(why, curl_easy_strerror(code));
    long status = 0;
    curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
    response.status = static_cast<int>(status);
    return response;
  }

 private:
  static std::nullopt_t failed(std::string* why, const char* reason) {
    if (why) *why = reason;
    return std::nullopt;
  }
};

}  // namespace

std::unique_ptr<Client> make_client() { return std::make_unique<CurlClient>(); }

}  // namespace fairward::http
