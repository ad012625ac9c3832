#pragma once
// Semantics 18: what a destination may receive of what is labelled sensitive. Nothing is the default, so that
// a forgotten or mistyped setting withholds more, never less.

#include <string>
#include <string_view>
#include <vector>

namespace lienthong::delivery {

// Immutable after construction; any thread.
class Clearance {
 public:
  // `codes`: the labels (codes of meta.security: "HIV", "TB" …) it is cleared for; "*" = all.
  explicit Clearance(std::vector<std::string> codes = {});

  bool is_full() const noexcept { return full_; }
  // Whether a resource may go there: it is cleared for every label in meta.security, contained resources and
  // entries included. The confidentiality codes U, L, M and N ask for nothing; R and V ask for a clearance by
  // that name, R only where no other label says of what. A label that cannot be read asks for "*".
  bool lets_pass(std::string_view resource_json) const;
  // As text, the same for equal clearances: destinations are remembered with it.
  std::string text() const;

 private:
  bool allows(std::string_view code) const noexcept;

  std::vector<std::string> codes_;  // sorted
  bool full_ = false;
};

// A transaction Bundle as convert writes it (each entry: fullUrl, resource, request), without the entries
// that the clearance does not let pass and with references to them masked. Empty: nothing is left of it.
// `withheld` is raised by the number of entries left out.
std::string cleared_bundle(std::string bundle, const Clearance& clearance, std::size_t& withheld);

}  // namespace lienthong::delivery
