#include "gateway/app/source_settings.h"

namespace lienthong::app {

convert::SourceSettings source_settings(const SourceConfig& source, const GatewayConfig& gateway) {
  convert::SourceSettings settings;
  settings.name = source.name;
  settings.facility = source.facility;
  settings.facility_name = source.facility_name;
  settings.facilities = source.facilities;
  settings.utc_offset = source.utc_offset.empty() ? gateway.utc_offset : source.utc_offset;
  settings.charset = source.charset;
  settings.null_deletes = source.null_deletes;
  settings.test = source.test;
  return settings;
}

}  // namespace lienthong::app
