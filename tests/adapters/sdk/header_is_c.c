/* Compiled as C11: the ABI's header is C, whatever the adapters are written in. */
#include "adapters/sdk/adapter.h"

_Static_assert(sizeof(lt_status) == 4 && sizeof(lt_severity) == 4 && sizeof(lt_presence) == 4,
               "32-bit enumerations");
_Static_assert(offsetof(lt_adapter, struct_size) == 0 && offsetof(lt_host, struct_size) == 0,
               "the size comes first");

int lt_host_can_decode(const lt_host* host);
int lt_host_can_decode(const lt_host* host) {
  return LT_HAS(lt_host, host, decode);
}
