/* adapter.h: the adapter ABI, version 1.  One header; compiles as C11 and as C++20.
 *
 * An adapter turns one wire format's bytes into records that a mapping can read, and renders the answer its
 * sender expects.  It writes no FHIR, opens no files or sockets, starts no threads, and keeps nothing between
 * messages but what create() built and what a stream needs.
 *
 * Binary rules.  Every struct begins with struct_size, filled in by the side that owns it; members are only
 * ever appended; nobody touches a member beyond the other side's struct_size (LT_HAS).  Enumerations are
 * 32-bit integers. The host refuses a module whose abi_major differs from its own or whose abi_minor is above
 * its own.
 *
 * Lifetimes.  Instance: from create() to destroy().  Stream: from stream_open() to stream_close().  Message:
 * from open() until the host calls the next open() on that instance or destroys it; everything a message
 * makes lives in memory from host->allocate, which nobody frees.  The bytes given to open() stay valid,
 * unmoved, with LT_PADDING zero bytes behind them, for the message's lifetime.
 *
 * Threads.  The host calls one instance from one thread at a time; different instances run at the same time.
 *
 * Failure.  No exception and no longjmp may leave a function.  host->allocate may return NULL: return
 * LT_LIMIT then. What is wrong with the data is told through host->problem with the adapter's own numbers,
 * whose texts stand in problems.tsv beside the module; the status only says whether the call produced its
 * result.
 *
 * Text.  lt_text is not terminated.  Paths, names and options are UTF-8.  Values are the source's bytes after
 * the format's own escapes are undone, in the source's character set, unless flagged LT_VALUE_UTF8; the host
 * decodes them. */
#ifndef LIENTHONG_ADAPTER_H
#define LIENTHONG_ADAPTER_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define LT_ABI_MAJOR 1u
#define LT_ABI_MINOR 2u
#define LT_PADDING 64u /* zero bytes readable behind every input buffer */

/* Whether the struct behind `pointer` is long enough to have `member`. */
#define LT_HAS(type, pointer, member) \
  ((pointer)->struct_size >= offsetof(type, member) + sizeof(((const type*)0)->member))

typedef struct lt_text {
  const char* data;
  size_t size;
} lt_text;

typedef int32_t lt_status;
enum {
  LT_OK = 0,
  LT_NEED_MORE = 1,   /* frame(): no whole message yet */
  LT_MALFORMED = 2,   /* the bytes are not this format; a problem says where */
  LT_UNSUPPORTED = 3, /* understood, but not served */
  LT_LIMIT = 4,       /* a limit, or host->allocate, refused */
  LT_OPTION = 5,      /* create(): an option is unknown or wrong; a problem names it */
  LT_NOT_FOUND = 6,   /* resolve(): no such path */
  LT_END = 7,         /* frame(): nothing is left of the input */
  LT_FAULT = 8        /* the adapter itself is broken */
};

typedef int32_t lt_severity; /* FHIR issue-severity */
enum { LT_INFORMATION = 0, LT_WARNING = 1, LT_ERROR = 2, LT_FATAL = 3 };

/* What is wrong, and where.  Argument i fills {i} of the text; arguments hold names, never patients' data,
 * which belongs into `value`. */
typedef struct lt_problem {
  uint32_t struct_size;
  lt_severity severity;
  uint32_t number; /* key of the adapter's problems.tsv, 1 … 65535 */
  uint32_t offset; /* byte offset in the message; UINT32_MAX if none */
  lt_text where;   /* "PID[1]-7"; empty = the message as a whole */
  lt_text value;   /* the offending text */
  const lt_text* arguments;
  size_t argument_count;
} lt_problem;

/* The host's services.  Valid during the call they are passed to. */
typedef struct lt_host {
  uint32_t struct_size;
  uint32_t abi_minor;
  void* context;
  /* Memory for the message's (or, in create and stream_open, the instance's or stream's) lifetime; zeroed;
   * NULL at the limit. */
  void* (*allocate)(void* context, size_t size, size_t align);
  void (*problem)(void* context, const lt_problem* problem);
  /* Decodes `bytes` from the named character set ("" = the source's) into UTF-8 in message memory (inner
   * documents). */
  lt_status (*decode)(void* context, lt_text charset, lt_text bytes, lt_text* utf8);
} lt_host;

typedef struct lt_option {
  lt_text name, value;
} lt_option;

/* What routing, de-duplication and the answer need to know.  Empty = not said. */
typedef struct lt_envelope {
  uint32_t struct_size;
  uint32_t reserved;
  lt_text type;          /* the mapping is chosen by it: "ORU^R01", "XML130", "row" */
  lt_text control_id;    /* MSH-10, MA_LK */
  lt_text sender;        /* the sending facility: looked up in the source's table of facilities */
  lt_text application;   /* the sending application */
  lt_text time;          /* the message's own time, as sent */
  lt_text event_time;    /* when it happened (EVN-6, else EVN-2, else `time`), as sent */
  lt_text processing;    /* "P" production, else test or training traffic; empty = production */
  lt_text version;       /* "2.5.1" */
  lt_text charset;       /* as declared (MSH-18, XML declaration); empty = not declared */
  lt_text volatile_part; /* bytes within the message that differ in a mere resend (MSH-7); left out of the
                            content hash */
} lt_envelope;

/* A place in an opened record: the record itself (LT_ROOT), a group, a segment, a row, a repetition.  Meaning
 * is the adapter's; the host only hands nodes back.  Valid for the message's lifetime. */
typedef uint64_t lt_node;
#define LT_ROOT ((lt_node)0)

/* A path, resolved once when a mapping is loaded.  Equal options give equal paths in every instance.  0 =
 * none. */
typedef uint32_t lt_path;

typedef int32_t lt_presence;
enum {
  LT_ABSENT = 0, /* not there: says nothing */
  LT_EMPTY = 1,  /* there, without content: says nothing */
  LT_NULL = 2,   /* explicitly nothing: HL7 v2 "" */
  LT_VALUE = 3
};
enum {
  LT_VALUE_UTF8 = 1u,         /* text is UTF-8 already, whatever the source's character set */
  LT_VALUE_PLAIN_NUMBER = 2u, /* a point, no thousands sign: it has one meaning (since 1.1) */
  LT_VALUE_NO_NUMBER = 4u,    /* unlike the numbers of its field: must not be read as one (since 1.1) */
  LT_VALUE_ASK = 8u,          /* fetch(): says nothing itself; get() tells and reports (since 1.1) */
  LT_VALUE_QUIET = 16u        /* with LT_VALUE_ASK: get() tells no problem (since 1.2) */
};

typedef struct lt_value {
  lt_text text;    /* escapes undone; may point into the message */
  uint32_t offset; /* where it stands in the message */
  uint32_t length; /* how many bytes it takes there */
  lt_presence presence;
  uint32_t flags;
} lt_value;

/* One value of the record, for explain and coverage. */
typedef void (*lt_each_value)(void* context, lt_text place, lt_text path, const lt_value* value);

/* The kind of answer a sender is owed. */
typedef int32_t lt_acknowledge_kind;
enum {
  LT_ACCEPTED = 0, /* AA */
  LT_ERRORS = 1,   /* AE: the data are at fault */
  LT_REJECTED = 2, /* AR: not for us, or try again later */
  LT_COMMIT_ACCEPTED = 3,
  LT_COMMIT_ERROR = 4,
  LT_COMMIT_REJECTED = 5 /* CA, CE, CR: enhanced mode */
};

/* A problem as the host knows it, rendered for the answer. */
typedef struct lt_reported {
  uint32_t struct_size;
  lt_severity severity;
  uint32_t hl7_error; /* table 0357 */
  uint32_t reserved;
  lt_text where, text; /* UTF-8 */
} lt_reported;

typedef struct lt_answer_request {
  uint32_t struct_size;
  lt_acknowledge_kind kind;
  lt_text message;        /* the raw message */
  void* record;           /* as opened, or NULL when it could not be opened */
  lt_text own_control_id; /* the answer's own control id */
  lt_text now;            /* yyyyMMddHHmmss+zzzz */
  const lt_reported* problems;
  size_t problem_count;
} lt_answer_request;

typedef struct lt_adapter {
  uint32_t struct_size;
  uint32_t abi_major, abi_minor;
  uint32_t reserved;
  lt_text name, version, description;

  /* An instance with the profile's options.  Unknown options: LT_OPTION. */
  lt_status (*create)(const lt_host*, const lt_option* options, size_t count, void** instance);
  void (*destroy)(void* instance);

  /* Cutting a stream (one file, one body, one connection's life) into messages.  `bytes` begins where the
   * last frame ended and may be longer at the next call; what was scanned before need not be scanned again.
   * LT_OK: `*consumed` bytes are done with and `*message` (within `bytes`) is one message.  LT_NEED_MORE:
   * call again with more; `*consumed` bytes (mostly 0) are done with. LT_END: `end_of_input` was set and
   * nothing is left.  LT_MALFORMED: skip `*consumed` bytes and go on. */
  lt_status (*stream_open)(void* instance, const lt_host*, void** stream);
  void (*stream_close)(void* instance, void* stream);
  lt_status (*frame)(void* instance, void* stream, const lt_host*, lt_text bytes, int32_t end_of_input,
                     size_t* consumed, lt_text* message);

  /* Opening one message.  `stream` may be NULL (the message came alone); else headers seen on it are visible.
   */
  lt_status (*open)(void* instance, void* stream, const lt_host*, lt_text message, void** record);
  /* The same from its first bytes only (a header); may be NULL. */
  lt_status (*open_prefix)(void* instance, const lt_host*, lt_text prefix, void** record);
  lt_status (*envelope)(void* record, const lt_host*, lt_envelope* out);

  /* Paths.  `context` is the path of the node the new path is relative to (0 = LT_ROOT).  On LT_NOT_FOUND
   * `*nearest` names the most similar path that exists, if there is one. */
  lt_status (*resolve)(void* instance, const lt_host*, lt_path context, lt_text path, lt_path* out,
                       lt_text* nearest);
  /* How many nodes `path` names below `node`. */
  size_t (*count)(void* record, lt_node node, lt_path path);
  /* The i-th of them; i < count(). */
  lt_node (*child)(void* record, lt_node node, lt_path path, size_t i);
  /* The value of the first node that `path` names below `node`; path 0 = the node's own value. */
  lt_status (*get)(void* record, const lt_host*, lt_node node, lt_path path, lt_value* out);
  /* The place of a value for people: "PID[1]-3[2].4"; in message memory. */
  lt_text (*place)(void* record, const lt_host*, lt_node node, lt_path path);
  /* Every value that is there, in input order. `path` is what a mapping would write to read it ("PID-3.4").
   */
  lt_status (*each_value)(void* record, const lt_host*, lt_each_value each, void* context);

  /* The answer to the sender; may be NULL for formats without one. */
  lt_status (*acknowledge)(void* instance, const lt_host*, const lt_answer_request*, lt_text* answer);
  /* Reserved: records → bytes. NULL. */
  lt_status (*compose)(void* instance, const lt_host*, const void* records, lt_text* bytes);

  /* Since 1.1; may be NULL. What must stand in front of a message of this stream so that it can be opened
   * without the stream: the row of headings. The same for all messages of a stream; in message memory. */
  lt_status (*preamble)(void* instance, void* stream, const lt_host*, lt_text* bytes);

  /* Since 1.1; both or neither, NULL = the host uses get().  Many values at once: most paths of a mapping
   * name what a message lacks, and one call that skips them together costs less than a call for each.
   *
   * plan() prepares the reading of `paths` (1 … 65,535 of them, resolved relative to `context`) from nodes of
   * the path `context` (0 = LT_ROOT), in memory of the instance's lifetime; `*plan` may be used with every
   * record of that instance.
   *
   * fetch() reads them below `node`.  `there` has (count + 63) / 64 words of any content; bit i of it is set
   * when path i may have a value, an explicit nothing, or nodes (count() > 0), and clear when it surely has
   * none of them: get() would say LT_ABSENT or LT_EMPTY without telling a problem.  values[i] is written
   * where bit i is set, as get() would fill it in, or flagged LT_VALUE_ASK: then the host calls get() if it
   * wants the value. Reports nothing itself. */
  lt_status (*plan)(void* instance, const lt_host*, lt_path context, const lt_path* paths, size_t count,
                    void** plan);
  lt_status (*fetch)(void* record, const lt_host*, const void* plan, lt_node node, lt_value* values,
                     uint64_t* there);

  /* Since 1.2; may be NULL: nothing of this format can be said only at a file's end.  `stream` was just
   * opened and will be given the bytes of a file that `whole`, another stream, was given to their end before.
   * What is known only then (that the file is closed, that it holds as many messages as it states) may count
   * from the first message on.  `is_clean`: framing told no error and each message could be opened. Called
   * before frame(), or not at all: then the file is known only as far as it has come. */
  lt_status (*foresee)(void* instance, void* stream, const void* whole, int32_t is_clean);
} lt_adapter;

/* The only exported symbol.  NULL when the module cannot serve a host of this version. */
typedef const lt_adapter* (*lt_adapter_entry_function)(uint32_t host_abi_major, uint32_t host_abi_minor);
#if defined(__GNUC__)
#define LT_EXPORT __attribute__((visibility("default")))
#else
#define LT_EXPORT
#endif
LT_EXPORT const lt_adapter* lt_adapter_entry(uint32_t host_abi_major, uint32_t host_abi_minor);

#ifdef __cplusplus
}
#endif
#endif
