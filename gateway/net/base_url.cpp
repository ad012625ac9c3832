#include "gateway/net/base_url.h"

#include "gateway/net/ascii.h"
#include "gateway/net/net_errors.h"

namespace lienthong::net {

Result<BaseUrl> parse_base_url(std::string_view url) {
  const auto bad = [](std::string_view why) {  // the URL itself may hold a secret
    return fail(Category::Incorrect, kBadEndpoint, "the URL cannot be used: " + std::string(why));
  };
  BaseUrl out;
  const std::size_t colon = url.find("://");
  if (colon == std::string_view::npos) return bad("it must start with http:// or https://");
  const std::string_view scheme = url.substr(0, colon);
  out.https = equals_ignoring_case(scheme, "https");
  if (!out.https && !equals_ignoring_case(scheme, "http"))
    return bad("it must start with http:// or https://");
  const std::string_view rest = url.substr(colon + 3);
  if (rest.find_first_of("?#@ \t\r\n") != std::string_view::npos) {
    return bad("it must hold neither user, nor query, nor fragment, nor blanks");
  }
  const std::size_t slash = std::min(rest.find('/'), rest.size());
  const std::string_view authority = rest.substr(0, slash);
  const std::size_t bracket = authority.rfind(']');
  const std::size_t port_colon = authority.rfind(':');
  const bool has_port =
      port_colon != std::string_view::npos && (bracket == std::string_view::npos || port_colon > bracket);
  const std::string with_port = std::string(authority) + (has_port ? "" : out.https ? ":443" : ":80");
  auto endpoint = parse_endpoint(with_port);
  if (!endpoint) return forward(endpoint);
  if (endpoint->host.empty() || endpoint->port == 0) return bad("the host or the port is missing");
  out.endpoint = std::move(*endpoint);
  out.path = rest.substr(slash);
  while (!out.path.empty() && out.path.back() == '/') out.path.pop_back();
  const bool usual = out.endpoint.port == (out.https ? 443 : 80);
  out.host_header =
      usual ? std::string(authority.substr(0, has_port ? port_colon : authority.size())) : with_port;
  return out;
}

}  // namespace lienthong::net
