#pragma once
// A text of the program in its two languages.

#include <string_view>

#include "gateway/base/catalogue.h"

namespace lienthong::app {

struct Bilingual {
  std::string_view english, vietnamese;
  constexpr std::string_view in(Language language) const noexcept {
    return language == Language::Vietnamese ? vietnamese : english;
  }
};

}  // namespace lienthong::app
