#pragma once
// The built-in measurements. Each prints one line of JSON a figure on standard output.

#include "gateway/app/command.h"
#include "gateway/convert/converter.h"

namespace lienthong::app {

// The thread's own processor time: other work on the machine does not count. Any thread.
double processor_seconds();

int bench_convert(const Invocation& call);
// Its --file: the file instead of an invented morning.
int bench_convert_file(const Invocation& call, convert::Converter& converter, std::int64_t runs);
int bench_store(const Invocation& call);
int bench_repository(const Invocation& call);
int bench_morning(const Invocation& call);
int bench_validate(const Invocation& call);
int bench_extract(const Invocation& call);

}  // namespace lienthong::app
