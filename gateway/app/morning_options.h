#pragma once
// The options of an invented morning, shared by `send` and `bench`.

#include <optional>
#include <string_view>
#include <vector>

#include "gateway/app/command.h"
#include "gateway/app/morning.h"

namespace lienthong::app {

// --seed, --first-patient, --facility, --duplicates, --no-corrections.
std::vector<Option> morning_option_list();

// `count_option`: the option that gives the number of patients ("--morning", "--patients"). Nothing when one
// is wrong, which has been said.
std::optional<MorningOptions> morning_options_of(const Invocation& call, std::string_view count_option);

}  // namespace lienthong::app
