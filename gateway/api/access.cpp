#include "gateway/api/access.h"

namespace lienthong::api {

bool equal_in_constant_time(std::string_view a, std::string_view b) noexcept {
  if (a.size() != b.size()) return false;
  unsigned char difference = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    difference = static_cast<unsigned char>(
        difference | (static_cast<unsigned char>(a[i]) ^ static_cast<unsigned char>(b[i])));
  }
  return difference == 0;
}

Access access_of(const std::vector<Token>& tokens, const net::Request& request, bool write) {
  Access access;
  if (request.peer() != nullptr && request.peer()->certificate != nullptr) {
    access.who = request.peer()->certificate->common_name;
  }
  if (tokens.empty()) return access;
  constexpr std::string_view kScheme = "Bearer ";
  const auto header = request.header("Authorization");
  const Token* match = nullptr;
  if (header.size() > kScheme.size() && header.substr(0, kScheme.size()) == kScheme) {
    const auto secret = header.substr(kScheme.size());
    for (const auto& token : tokens) {
      if (equal_in_constant_time(secret, token.secret)) match = &token;
    }
  }
  if (match == nullptr) {
    access.status = 401;
    return access;
  }
  access.who = match->name;
  access.facility = match->facility;
  if (write && !match->may_write) access.status = 403;
  return access;
}

}  // namespace lienthong::api
