#include "gateway/convert/adapter_converter.h"

#include <utility>

#include "gateway/convert/adapter_paths.h"
#include "gateway/convert/error_numbers.h"

namespace lienthong::convert {
namespace {

// A stream's own memory lives as long as the stream, unlike a message's.
class AdapterStream final : public MessageStream {
 public:
  AdapterStream(const ProgramData& program, const SourceSettings& settings, void* instance)
      : context_(program, instance) {
    if (const auto charset = find_charset(settings.charset)) context_.set_charset(*charset);
    if (adapter().stream_open(instance, &context_.host(), &stream_) != LT_OK) stream_ = nullptr;
  }
  ~AdapterStream() override {
    if (stream_ != nullptr) adapter().stream_close(context_.instance(), stream_);
  }
  AdapterStream(const AdapterStream&) = delete;
  AdapterStream& operator=(const AdapterStream&) = delete;

  Step next(std::string_view bytes, bool end_of_input, std::size_t& consumed, std::string_view& message,
            ProblemSink& problems) override {
    consumed = 0;
    if (stream_ == nullptr) return Step::Fault;
    context_.set_sink(problems);
    lt_text found{nullptr, 0};
    const auto status =
        adapter().frame(context_.instance(), stream_, &context_.host(), {bytes.data(), bytes.size()},
                        end_of_input ? 1 : 0, &consumed, &found);
    switch (status) {
      case LT_OK:
        message = std::string_view(found.data, found.size);
        return Step::Message;
      case LT_NEED_MORE:
        return Step::NeedMore;
      case LT_END:
        return Step::End;
      case LT_MALFORMED:
        return Step::Malformed;
      default:
        return Step::Fault;
    }
  }

  std::string_view preamble() override {
    if (!preamble_.empty() || stream_ == nullptr || !LT_HAS(lt_adapter, &adapter(), preamble))
      return preamble_;
    if (adapter().preamble == nullptr) return {};
    lt_text bytes{nullptr, 0};
    const auto status = adapter().preamble(context_.instance(), stream_, &context_.host(), &bytes);
    if (status == LT_OK && bytes.size > 0) preamble_.assign(bytes.data, bytes.size);
    return preamble_;
  }

  bool needs_foresight() const override {
    return stream_ != nullptr && LT_HAS(lt_adapter, &adapter(), foresee) && adapter().foresee != nullptr;
  }

  void foresee(const MessageStream& whole, bool is_clean) override {
    const void* const seen = static_cast<const AdapterStream&>(whole).stream_;
    if (seen != nullptr) adapter().foresee(context_.instance(), stream_, seen, is_clean ? 1 : 0);
  }

  void* get() const noexcept { return stream_; }

 private:
  const lt_adapter& adapter() const noexcept { return context_.adapter(); }

  MessageContext context_;
  void* stream_ = nullptr;
  std::string preamble_;
};

}  // namespace

Result<std::unique_ptr<AdapterInstance>> AdapterInstance::create(const ProgramData& program) {
  std::unique_ptr<AdapterInstance> made(new AdapterInstance);
  auto instance = create_instance(*program.adapter, program.profile, made->memory_);
  if (!instance) return forward(instance);
  made->functions_ = program.adapter->functions;
  made->instance_ = *instance;
  made->plans_ = make_plans(*program.adapter, *instance, program.places, made->memory_);
  return made;
}

AdapterInstance::~AdapterInstance() {
  if (instance_ != nullptr) functions_->destroy(instance_);
}

AdapterConverter::AdapterConverter(std::shared_ptr<const Program> program, const SourceSettings& settings,
                                   std::unique_ptr<AdapterInstance> instance)
    : program_(std::move(program)),
      settings_(settings),
      instance_(std::move(instance)),
      message_(program_->data(), instance_->get()),
      opening_(settings_, message_, program_->data()),
      run_(program_->data(), settings_, message_) {
  message_.set_plans(instance_->plans());
}

Result<const Envelope*> AdapterConverter::open(std::string_view message, MessageStream* stream,
                                               Instant received, ProblemSink& problems) {
  const auto* const own = static_cast<AdapterStream*>(stream);
  return opening_.open(message, own == nullptr ? nullptr : own->get(), received, problems);
}

Result<const Conversion*> AdapterConverter::convert(ProblemSink& problems) {
  if (!opening_.is_open()) return fail(Category::Incorrect, kNotOpen, "no message is open");
  return run_.convert(opening_.envelope(), opening_.facility(), problems);
}

std::string AdapterConverter::acknowledge(AcknowledgeKind kind, std::string_view message,
                                          std::string_view own_control_id, Instant now,
                                          const ProblemSink& problems) {
  return opening_.acknowledge(static_cast<lt_acknowledge_kind>(kind), message, own_control_id, now, problems);
}

std::unique_ptr<MessageStream> AdapterConverter::open_stream() {
  return std::make_unique<AdapterStream>(program_->data(), settings_, instance_->get());
}

Result<std::unique_ptr<AdapterConverter>> make_adapter_converter(std::shared_ptr<const Program> program,
                                                                 const SourceSettings& settings) {
  auto instance = AdapterInstance::create(program->data());
  if (!instance) return forward(instance);
  return std::make_unique<AdapterConverter>(std::move(program), settings, std::move(*instance));
}

Result<std::unique_ptr<Converter>> make_converter(std::shared_ptr<const Program> program,
                                                  const SourceSettings& settings) {
  auto made = make_adapter_converter(std::move(program), settings);
  if (!made) return forward(made);
  return std::unique_ptr<Converter>(std::move(*made));
}

}  // namespace lienthong::convert
