#pragma once
// The reference of all settings, from the table itself.

#include <string>

#include "gateway/base/catalogue.h"

namespace lienthong::app {

// docs/configuration.md: a Markdown page with every setting, in English and Vietnamese.
std::string configuration_page();

}  // namespace lienthong::app
