#pragma once
// The Converter of every profile: one adapter instance, one machine. Private to this room.

#include <memory>
#include <vector>

#include "gateway/convert/conversion_run.h"
#include "gateway/convert/message_opening.h"

namespace lienthong::convert {

// Owns an adapter's instance and the memory it was made in.
class AdapterInstance {
 public:
  static Result<std::unique_ptr<AdapterInstance>> create(const ProgramData& program);
  ~AdapterInstance();
  AdapterInstance(const AdapterInstance&) = delete;
  AdapterInstance& operator=(const AdapterInstance&) = delete;
  void* get() const noexcept { return instance_; }
  const std::vector<void*>& plans() const noexcept { return plans_; }

 private:
  AdapterInstance() = default;
  const lt_adapter* functions_ = nullptr;
  void* instance_ = nullptr;
  std::vector<void*> plans_;
  Arena memory_;
};

class AdapterConverter final : public Converter {
 public:
  AdapterConverter(std::shared_ptr<const Program> program, const SourceSettings& settings,
                   std::unique_ptr<AdapterInstance> instance);

  Result<const Envelope*> open(std::string_view message, MessageStream* stream, Instant received,
                               ProblemSink& problems) override;
  Result<const Conversion*> convert(ProblemSink& problems) override;
  std::string acknowledge(AcknowledgeKind kind, std::string_view message, std::string_view own_control_id,
                          Instant now, const ProblemSink& problems) override;
  std::unique_ptr<MessageStream> open_stream() override;

  void set_trace(Trace* trace) noexcept { run_.set_trace(trace); }
  MessageContext& message() noexcept { return message_; }
  const ProgramData& program() const noexcept { return program_->data(); }

 private:
  std::shared_ptr<const Program> program_;
  SourceSettings settings_;
  std::unique_ptr<AdapterInstance> instance_;
  MessageContext message_;
  MessageOpening opening_;
  ConversionRun run_;
};

// As make_converter(), for those who need more than a Converter.
Result<std::unique_ptr<AdapterConverter>> make_adapter_converter(std::shared_ptr<const Program> program,
                                                                 const SourceSettings& settings);

}  // namespace lienthong::convert
