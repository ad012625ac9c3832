#pragma once
// Writes each bundle as a file of its own into a folder: complete or absent, never half.

#include <memory>
#include <string>

#include "gateway/base/clock.h"
#include "gateway/base/result.h"
#include "gateway/delivery/sender.h"

namespace lienthong::delivery {

// Files are named by time and a counter, so they sort in the order of delivery. Errors: NotFound when there
// is no such folder.
Result<std::unique_ptr<Sender>> make_folder_sender(std::string folder, const Clock& clock);

}  // namespace lienthong::delivery
