#pragma once
// Mappings as they were when messages were converted, compiled from what the journal kept of them.

#include <memory>
#include <string>

#include "gateway/convert/adapter_registry.h"
#include "gateway/convert/program.h"
#include "gateway/store/connection.h"

namespace lienthong::app {

// Null when the journal does not know it or it cannot be compiled any more. Unpacks it into a folder of its
// own for the while. Blocking; any thread with a connection of its own.
std::shared_ptr<const convert::Program> earlier_mapping(store::Connection& connection,
                                                        const convert::AdapterRegistry& adapters,
                                                        const std::string& identity);

}  // namespace lienthong::app
