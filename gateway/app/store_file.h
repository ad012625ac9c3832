#pragma once

#include <string>

#include "gateway/app/config.h"

namespace lienthong::app {

// The database file of a configuration.
inline std::string store_file(const GatewayConfig& gateway) {
  return gateway.data_dir + "/lienthong.db";
}

}  // namespace lienthong::app
