#pragma once

#include "gateway/app/config.h"
#include "gateway/convert/converter.h"

namespace lienthong::app {

// What a mapping must know of a configured source. Any thread.
convert::SourceSettings source_settings(const SourceConfig& source, const GatewayConfig& gateway);

}  // namespace lienthong::app
