#pragma once
// The built-in measurements. Each prints one line of JSON a figure on standard output.

#include "gateway/app/command.h"

namespace lienthong::app {

// The thread's own processor time: other work on the machine does not count. Any thread.
double processor_seconds();

int bench_convert(const Invocation& call);
int bench_store(const Invocation& call);
int bench_morning(const Invocation& call);
int bench_validate(const Invocation& call);
int bench_extract(const Invocation& call);

}  // namespace lienthong::app
