#pragma once
// Steps on files that are complete on disk when they return.

#include <string>

#include "gateway/base/result.h"

namespace lienthong::store {

// All: Fault (LT-1213) with the path and the system's reason.
Result<void> sync_file(const std::string& path);
// Of the folder that holds `path`, so that a rename or removal is on disk.
Result<void> sync_folder_of(const std::string& path);
// Replaces `to`, then syncs the folder.
Result<void> rename_durably(const std::string& from, const std::string& to);
// Fine when it is not there.
Result<void> remove_file(const std::string& path);
// Copies bytes and syncs the copy. Overwrites.
Result<void> copy_file(const std::string& from, const std::string& to);
bool file_exists(const std::string& path);

}  // namespace lienthong::store
