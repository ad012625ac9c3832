#pragma once
// From a C++ class to an adapter module: LT_ADAPTER(Format) defines the one exported symbol.
//
// Format is the instance.  It offers:
//   static constexpr std::string_view kName, kVersion, kDescription;
//   using Stream = …;  a default-constructible class: the state of cutting one stream into messages
//   using Record = …;  a trivially destructible class that lives in the host's memory
//   lt_status create(Host, std::span<const lt_option>);            or, where each option stands for itself,
//   lt_status set(Host, std::string_view name, std::string_view value);
//   lt_status frame(Stream&, Host, std::string_view bytes, bool end_of_input, std::size_t& consumed,
//                   std::string_view& message);
//   lt_status open(Stream*, Host, std::string_view message, Record*& record);
//   lt_status resolve(Host, lt_path context, std::string_view path, lt_path& out, lt_text& nearest);
//   lt_status acknowledge(Host, const lt_answer_request&, lt_text& answer);          (may be left out)
//   lt_status preamble(const Stream&, Host, lt_text& bytes);                         (may be left out)
//   lt_status foresee(Stream&, const Stream& whole, bool is_clean);                   (may be left out)
//   lt_status plan(Host, lt_path context, std::span<const lt_path>, void*& plan);     (may be left out, with
//   fetch)
// and Record:
//   lt_status envelope(Host, lt_envelope&);
//   std::size_t count(lt_node, lt_path);
//   lt_node child(lt_node, lt_path, std::size_t);
//   lt_status get(Host, lt_node, lt_path, lt_value&);
//   lt_text place(Host, lt_node, lt_path);
//   lt_status each_value(Host, lt_each_value, void* context);
//   lt_status fetch(Host, const void* plan, lt_node, lt_value*, std::uint64_t* there);
// What each must do stands in adapter.h beside the member of lt_adapter with the same name.
//
// Every entry is noexcept: an exception that tries to leave ends the process instead of unwinding through C.

#include <algorithm>
#include <new>

#include "adapters/sdk/host.h"

namespace lienthong::sdk {

template <class Format>
class Plugin {
  using Stream = typename Format::Stream;
  using Record = typename Format::Record;
  static_assert(std::is_trivially_destructible_v<Record>);

 public:
  static const lt_adapter* table() noexcept {
    static const lt_adapter adapter = make();
    return &adapter;
  }

  // The versions this header serves: the same major, and a host at least as new.
  static const lt_adapter* entry(std::uint32_t major, std::uint32_t minor) noexcept {
    constexpr std::uint32_t kNeeded = LT_ABI_MINOR;
    const bool served = major == LT_ABI_MAJOR && (minor > kNeeded || minor == kNeeded);
    return served ? table() : nullptr;
  }

 private:
  static lt_status create(const lt_host* host, const lt_option* options, std::size_t count,
                          void** instance) noexcept {
    auto* format = new (std::nothrow) Format();
    if (format == nullptr) return LT_LIMIT;
    const lt_status status = take_options(*format, Host(host), {options, count});
    if (status != LT_OK) {
      delete format;
      return status;
    }
    *instance = format;
    return LT_OK;
  }
  static lt_status take_options(Format& format, Host host, std::span<const lt_option> options) noexcept {
    if constexpr (requires { format.create(host, options); }) {
      return format.create(host, options);
    } else {
      for (const lt_option& option : options) {
        const lt_status status = format.set(host, view(option.name), view(option.value));
        if (status != LT_OK) return status;
      }
      return LT_OK;
    }
  }
  static void destroy(void* instance) noexcept { delete static_cast<Format*>(instance); }

  static lt_status stream_open(void*, const lt_host*, void** stream) noexcept {
    *stream = new (std::nothrow) Stream();
    return *stream == nullptr ? LT_LIMIT : LT_OK;
  }
  static void stream_close(void*, void* stream) noexcept { delete static_cast<Stream*>(stream); }

  static lt_status frame(void* instance, void* stream, const lt_host* host, lt_text bytes,
                         std::int32_t end_of_input, std::size_t* consumed, lt_text* message) noexcept {
    std::string_view found;
    *consumed = 0;
    const lt_status status = static_cast<Format*>(instance)->frame(
        *static_cast<Stream*>(stream), Host(host), view(bytes), end_of_input != 0, *consumed, found);
    *message = text(found);
    return status;
  }
  static lt_status open(void* instance, void* stream, const lt_host* host, lt_text message,
                        void** record) noexcept {
    Record* opened = nullptr;
    const lt_status status =
        static_cast<Format*>(instance)->open(static_cast<Stream*>(stream), Host(host), view(message), opened);
    *record = opened;
    return status;
  }
  static lt_status resolve(void* instance, const lt_host* host, lt_path context, lt_text path, lt_path* out,
                           lt_text* nearest) noexcept {
    lt_text similar{nullptr, 0};
    *out = 0;
    const lt_status status =
        static_cast<Format*>(instance)->resolve(Host(host), context, view(path), *out, similar);
    if (nearest != nullptr) *nearest = similar;
    return status;
  }
  static lt_status acknowledge(void* instance, const lt_host* host, const lt_answer_request* request,
                               lt_text* answer) noexcept {
    return static_cast<Format*>(instance)->acknowledge(Host(host), *request, *answer);
  }
  static lt_status preamble(void* instance, void* stream, const lt_host* host, lt_text* bytes) noexcept {
    return static_cast<Format*>(instance)->preamble(*static_cast<const Stream*>(stream), Host(host), *bytes);
  }
  static lt_status foresee(void* instance, void* stream, const void* whole, std::int32_t is_clean) noexcept {
    return static_cast<Format*>(instance)->foresee(*static_cast<Stream*>(stream),
                                                   *static_cast<const Stream*>(whole), is_clean != 0);
  }

  static lt_status envelope(void* record, const lt_host* host, lt_envelope* out) noexcept {
    return static_cast<Record*>(record)->envelope(Host(host), *out);
  }
  static std::size_t count(void* record, lt_node node, lt_path path) noexcept {
    return static_cast<Record*>(record)->count(node, path);
  }
  static lt_node child(void* record, lt_node node, lt_path path, std::size_t i) noexcept {
    return static_cast<Record*>(record)->child(node, path, i);
  }
  static lt_status get(void* record, const lt_host* host, lt_node node, lt_path path,
                       lt_value* out) noexcept {
    return static_cast<Record*>(record)->get(Host(host), node, path, *out);
  }
  static lt_text place(void* record, const lt_host* host, lt_node node, lt_path path) noexcept {
    return static_cast<Record*>(record)->place(Host(host), node, path);
  }
  static lt_status each_value(void* record, const lt_host* host, lt_each_value each, void* context) noexcept {
    return static_cast<Record*>(record)->each_value(Host(host), each, context);
  }

  static lt_status plan(void* instance, const lt_host* host, lt_path context, const lt_path* paths,
                        std::size_t count, void** made) noexcept {
    return static_cast<Format*>(instance)->plan(Host(host), context, {paths, count}, *made);
  }
  static lt_status fetch(void* record, const lt_host* host, const void* plan, lt_node node, lt_value* values,
                         std::uint64_t* there) noexcept {
    return static_cast<Record*>(record)->fetch(Host(host), plan, node, values, there);
  }

  static lt_adapter make() noexcept {
    lt_adapter adapter{};
    adapter.struct_size = sizeof(lt_adapter);
    adapter.abi_major = LT_ABI_MAJOR;
    adapter.abi_minor = LT_ABI_MINOR;
    adapter.name = text(Format::kName);
    adapter.version = text(Format::kVersion);
    adapter.description = text(Format::kDescription);
    adapter.create = create;
    adapter.destroy = destroy;
    adapter.stream_open = stream_open;
    adapter.stream_close = stream_close;
    adapter.frame = frame;
    adapter.open = open;
    adapter.envelope = envelope;
    adapter.resolve = resolve;
    adapter.count = count;
    adapter.child = child;
    adapter.get = get;
    adapter.place = place;
    adapter.each_value = each_value;
    if constexpr (requires { &Format::acknowledge; }) adapter.acknowledge = acknowledge;
    if constexpr (requires { &Format::preamble; }) adapter.preamble = preamble;
    if constexpr (requires { &Format::foresee; }) adapter.foresee = foresee;
    if constexpr (requires { &Format::plan; }) {
      adapter.plan = plan;
      adapter.fetch = fetch;
    }
    return adapter;
  }
};

}  // namespace lienthong::sdk

#define LT_ADAPTER(Format)                                                           \
  extern "C" LT_EXPORT const lt_adapter* lt_adapter_entry(uint32_t host_abi_major,   \
                                                          uint32_t host_abi_minor) { \
    return ::lienthong::sdk::Plugin<Format>::entry(host_abi_major, host_abi_minor);  \
  }
