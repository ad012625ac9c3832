// The one exported symbol.

#include "adapters/sdk/plugin.h"
#include "adapters/tabular/format.h"

LT_ADAPTER(lienthong::tabular::Format)
