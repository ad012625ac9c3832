// The one exported symbol.

#include "adapters/hl7v2/format.h"
#include "adapters/sdk/plugin.h"

LT_ADAPTER(lienthong::hl7v2::Format)
