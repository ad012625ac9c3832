#pragma once
// The built-in measurements. Each prints one line of JSON a figure on standard output.

#include "gateway/app/command.h"

namespace lienthong::app {

int bench_convert(const Invocation& call);
int bench_store(const Invocation& call);
int bench_morning(const Invocation& call);
int bench_validate(const Invocation& call);
int bench_extract(const Invocation& call);

}  // namespace lienthong::app
