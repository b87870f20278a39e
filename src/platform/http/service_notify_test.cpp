// What the service manager hears.
#include "platform/http/service_notify.h"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <filesystem>

namespace fairward::http {
namespace {

// The manager's end: a datagram socket under a name.
class Manager {
 public:
  explicit Manager(const std::string& name) : descriptor_(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    name.copy(address.sun_path, name.size());
    if (name.front() == '@') address.sun_path[0] = '\0';
    const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + name.size());
    EXPECT_EQ(::bind(descriptor_, reinterpret_cast<const sockaddr*>(&address), size), 0);
  }
  ~Manager() { ::close(descriptor_); }
  std::string heard() const {
    std::array<char, 256> bytes{};
    const ssize_t size = ::recv(descriptor_, bytes.data(), bytes.size(), MSG_DONTWAIT);
    return size < 0 ? "nothing" : std::string(bytes.data(), static_cast<std::size_t>(size));
  }

 private:
  int descriptor_;
};

TEST(service_notify, reaches_a_path_and_an_abstract_name) {
  const std::string unique = "fairward_notify_" + std::to_string(::getpid());
  const std::string path = (std::filesystem::temp_directory_path() / unique).string();
  for (const std::string& name : {path, "@" + unique}) {
    const Manager manager(name);
    EXPECT_TRUE(service_notify(name, "READY=1"));
    EXPECT_EQ(manager.heard(), "READY=1") << name;
  }
  std::filesystem::remove(path);
}

TEST(service_notify, is_in_vain_where_nobody_listens) {
  for (const std::string& name : {std::string(), std::string("/"), std::string("relative"),
                                  std::string("/no/such/socket"), "/" + std::string(200, 'x')})
    EXPECT_FALSE(service_notify(name, "READY=1")) << name;
}

}  // namespace
}  // namespace fairward::http
