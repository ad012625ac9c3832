#include "gateway/app/morning_options.h"

namespace lienthong::app {

std::vector<Option> morning_option_list() {
  return {{"--seed", "N", {"another morning: other people (1)", "một buổi sáng khác: những người khác (1)"}},
          {"--first-patient",
           "N",
           {"number the morning's patients from here (0)", "đánh số người bệnh từ số này (0)"}},
          {"--facility", "CODE", {"the facility that sends (79999)", "cơ sở gửi (79999)"}},
          {"--duplicates", "", {"send some messages twice", "gửi lặp một số bản tin"}},
          {"--no-corrections",
           "",
           {"no changed addresses, corrected results, cancelled discharges",
            "không có đổi địa chỉ, sửa kết quả, hủy ra viện"}}};
}

std::optional<MorningOptions> morning_options_of(const Invocation& call, std::string_view count_option) {
  MorningOptions options;
  const auto patients = call.number(count_option, 1, 9'000'000, static_cast<std::int64_t>(options.patients));
  const auto seed = call.number("--seed", 0, 999, static_cast<std::int64_t>(options.seed));
  const auto first = call.number("--first-patient", 0, 9'000'000, 0);
  if (!patients || !seed || !first) return std::nullopt;
  options.patients = static_cast<std::uint64_t>(*patients);
  options.seed = static_cast<std::uint64_t>(*seed);
  options.first_patient = static_cast<std::uint64_t>(*first);
  options.facility = call.text("--facility", options.facility);
  options.duplicates = call.has("--duplicates");
  options.corrections = !call.has("--no-corrections");
  return options;
}

}  // namespace lienthong::app
