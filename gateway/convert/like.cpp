#include "gateway/convert/like.h"

namespace lienthong::convert {
namespace {

bool fits(char form, char c) noexcept {
  return form == '?' || form == c || (form == '#' && c >= '0' && c <= '9');
}

}  // namespace

bool is_like(std::string_view text, std::string_view form) noexcept {
  std::size_t t = 0, f = 0;
  std::size_t star = std::string_view::npos,
              resume = 0;  // the last '*' and where the text behind it is tried next
  while (t < text.size()) {
    if (f < form.size() && form[f] == '*') {
      star = f++;
      resume = t;
    } else if (f < form.size() && fits(form[f], text[t])) {
      ++f;
      ++t;
    } else if (star != std::string_view::npos) {
      f = star + 1;
      t = ++resume;
    } else {
      return false;
    }
  }
  while (f < form.size() && form[f] == '*') ++f;
  return f == form.size();
}

}  // namespace lienthong::convert
