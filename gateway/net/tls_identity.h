#pragma once
// Internal to net: what a certificate says of its holder.

#include "gateway/net/tls.h"

struct x509_st;

namespace lienthong::net {

// The certificate must have been verified already.
TlsIdentity identity_of(x509_st* certificate);

}  // namespace lienthong::net
