#pragma once
// A row of the view stored_message (schema.cpp) as a StoredMessage.

#include "gateway/journal/message_record.h"
#include "gateway/store/statement.h"

namespace lienthong::journal {

// `columns`: a statement of the form SELECT * FROM stored_message …, standing on a row.
StoredMessage message_from(const store::Statement& columns);

}  // namespace lienthong::journal
