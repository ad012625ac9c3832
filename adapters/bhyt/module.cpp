// The one exported symbol.

#include "adapters/bhyt/format.h"
#include "adapters/sdk/plugin.h"

LT_ADAPTER(lienthong::bhyt::Format)
