#pragma once
// The rows of the settings table, one function a section.

#include "gateway/app/settings.h"

namespace lienthong::app {

Section gateway_section();
Section store_section();
Section http_section();
Section token_section();
Section repository_section();
Section source_section();
Section destination_section();

}  // namespace lienthong::app
