#pragma once
// Makes rows of the settings table from a struct's member: its type gives the kind, its initial value the
// default.

#include <functional>
#include <initializer_list>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "gateway/app/quantity.h"
#include "gateway/app/settings.h"

namespace lienthong::app {

template <class T>
constexpr SettingKind kind_of() {
  if constexpr (std::is_same_v<T, std::string>) return SettingKind::Text;
  if constexpr (std::is_same_v<T, bool>) return SettingKind::Boolean;
  if constexpr (std::is_same_v<T, std::uint32_t>) return SettingKind::Count;
  if constexpr (std::is_same_v<T, std::uint64_t>) return SettingKind::Size;
  if constexpr (std::is_same_v<T, std::chrono::milliseconds>) return SettingKind::Duration;
  if constexpr (std::is_same_v<T, std::vector<std::string>>) return SettingKind::TextList;
  if constexpr (std::is_same_v<T, std::vector<std::pair<std::string, std::string>>>)
    return SettingKind::TextTable;
  if constexpr (std::is_same_v<T, Schedule>) return SettingKind::Schedule;
  if constexpr (std::is_enum_v<T>) return SettingKind::Choice;
}

template <class T>
void assign_value(T& member, const SettingValue& value) {
  if constexpr (std::is_enum_v<T>) {
    member = static_cast<T>(std::get<std::int64_t>(value));
  } else if constexpr (std::is_same_v<T, std::chrono::milliseconds>) {
    member = std::chrono::milliseconds(std::get<std::int64_t>(value));
  } else if constexpr (std::is_same_v<T, bool>) {
    member = std::get<bool>(value);
  } else if constexpr (std::is_integral_v<T>) {
    member = static_cast<T>(std::get<std::int64_t>(value));
  } else {
    member = std::get<T>(value);
  }
}

inline std::string quoted(std::string_view text) {
  return '"' + std::string(text) + '"';
}

// The default as it would stand in the file; empty for empty texts, lists and schedules.
template <class T>
std::string render_default(const T& value, const std::vector<std::string_view>& choices) {
  if constexpr (std::is_enum_v<T>) {
    return quoted(choices[static_cast<std::size_t>(value)]);
  } else if constexpr (std::is_same_v<T, std::string>) {
    return value.empty() ? std::string() : quoted(value);
  } else if constexpr (std::is_same_v<T, bool>) {
    return value ? "true" : "false";
  } else if constexpr (std::is_same_v<T, std::uint32_t>) {
    return std::to_string(value);
  } else if constexpr (std::is_same_v<T, std::uint64_t>) {
    return quoted(format_size(value));
  } else if constexpr (std::is_same_v<T, std::chrono::milliseconds>) {
    return value.count() == 0 ? "0" : quoted(format_duration(value));
  } else if constexpr (std::is_same_v<T, std::vector<std::string>>) {
    std::string out;
    for (const auto& item : value) out += (out.empty() ? "[" : ", ") + quoted(item);
    return out.empty() ? out : out + "]";
  } else {
    return {};
  }
}

// Adds to one section, whose struct is S. Each add_* returns the row, for what else there is to say of it.
template <class S>
class SectionBuilder {
 public:
  SectionBuilder(SectionId id, std::string_view path, bool repeated, Bilingual help)
      : section_{id, path, repeated, help, {}} {}

  // `member`: a pointer to a member of S, or a function from S& to the member's reference.
  template <class Member>
  Setting& add(std::string name, Member member, Bilingual help, std::vector<std::string_view> choices = {}) {
    using T = std::remove_reference_t<std::invoke_result_t<Member, S&>>;
    S initial{};
    Setting setting;
    setting.name = std::move(name);
    setting.kind = kind_of<T>();
    setting.default_text = render_default<T>(std::invoke(member, initial), choices);
    setting.choices = std::move(choices);
    setting.help = help;
    setting.assign = [member](void* section, const SettingValue& value) {
      assign_value<T>(std::invoke(member, *static_cast<S*>(section)), value);
    };
    return section_.settings.emplace_back(std::move(setting));
  }

  template <class Member>
  Setting& text(std::string name, TextForm form, Member member, Bilingual help) {
    auto& setting = add(std::move(name), member, help);
    setting.form = form;
    return setting;
  }

  // Count, Size (bytes) or Duration (milliseconds) within [minimum, maximum].
  template <class Member>
  Setting& number(std::string name, std::int64_t minimum, std::int64_t maximum, Member member,
                  Bilingual help) {
    auto& setting = add(std::move(name), member, help);
    setting.minimum = minimum;
    setting.maximum = maximum;
    return setting;
  }

  Section take() { return std::move(section_); }

 private:
  Section section_;
};

}  // namespace lienthong::app
