#include "app/sandbox_messages.h"

#include <boost/describe/class.hpp>
#include <utility>

#include "app/files.h"
#include "platform/api/codec.h"

namespace fairward::app {
namespace {

struct Word {
  std::string name, text;
};
BOOST_DESCRIBE_STRUCT(Word, (), (name, text))

struct Line {
  Instant at;
  std::string kind;
  std::optional<UserId> person;
  std::optional<std::string> phone, email;
  std::string language;
  std::vector<Word> values;
  std::optional<std::string> secret;
};
BOOST_DESCRIBE_STRUCT(Line, (), (at, kind, person, phone, email, language, values, secret))

Line line_of(const identity::Message& message, std::optional<std::string> secret, Instant now) {
  Line line{now, message.kind, message.person, message.phone, message.email, message.language, {}, std::move(secret)};
  for (const auto& [name, text] : message.values) line.values.push_back({name, text});
  return line;
}

}  // namespace

void SandboxMessages::take(Txn& txn, const identity::Message& message) {
  txn.on_commit([this, message] {
    const std::lock_guard lock(mutex_);
    waiting_.push_back(message);
  });
}

void SandboxMessages::deliver(const identity::Identity& identity, Instant now) {
  std::vector<identity::Message> messages;
  {
    const std::lock_guard lock(mutex_);
    messages.swap(waiting_);
  }
  std::string text;
  for (const identity::Message& message : messages) {
    auto secret = message.secret.empty() ? std::nullopt : identity.secret(message.secret, now);
    api::encode(text, line_of(message, std::move(secret), now));
    text += '\n';
  }
  if (!text.empty()) private_file_append(path_, text);
}

}  // namespace fairward::app
