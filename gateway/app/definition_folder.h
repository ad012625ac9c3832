#pragma once
// Folders of files as arguments of commands.

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "fhir-model/validate/validator.h"
#include "gateway/app/command.h"

namespace lienthong::app {

// The path itself when it is a file, or all files below it that have one of the extensions (".json"), in the
// order of their names. False when a folder cannot be read, which has been said.
bool list_files(const Invocation& call, const std::string& path,
                std::initializer_list<std::string_view> extensions, std::vector<std::string>& files);

// Adds all JSON and XML files of a folder (or the one file). False when one cannot be read, which has been
// said.
bool load_definitions(const Invocation& call, const std::string& folder,
                      fhir::validate::DefinitionFiles& definitions);

}  // namespace lienthong::app
