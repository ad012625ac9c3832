#pragma once
// Every metric of the program, once. docs/metrics.md shows the same table; a test compares them.

#include <array>

#include "gateway/base/metrics.h"

namespace lienthong::metric {

inline constexpr MetricDescription kBuildInfo = {"lienthong_build_info", MetricKind::Gauge, "version",
                                                 "Always 1; the label is the running version."};
inline constexpr MetricDescription kStartTime = {"lienthong_start_time_seconds", MetricKind::Gauge, "",
                                                 "When the program became ready, as Unix time."};
inline constexpr MetricDescription kMessages = {
    "lienthong_messages_total", MetricKind::Counter, "source,fate",
    "Messages taken, by fate: stored, repeated, refused, quarantined."};
inline constexpr MetricDescription kMessageBytes = {"lienthong_message_bytes_total", MetricKind::Counter,
                                                    "source", "Bytes of messages taken."};
inline constexpr MetricDescription kProblems = {"lienthong_problems_total", MetricKind::Counter,
                                                "source,severity", "Problems found in messages."};
inline constexpr MetricDescription kAckSeconds = {"lienthong_acknowledge_seconds", MetricKind::Histogram,
                                                  "source", "From a message's last byte to its answer."};
inline constexpr MetricDescription kConvertSeconds = {"lienthong_convert_seconds", MetricKind::Histogram,
                                                      "source", "Opening and converting one message."};
inline constexpr MetricDescription kConnections = {"lienthong_connections", MetricKind::Gauge, "listener",
                                                   "Open connections."};
inline constexpr MetricDescription kConnectionsRefused = {"lienthong_connections_refused_total",
                                                          MetricKind::Counter, "listener",
                                                          "Connections refused by an allow-list or a limit."};
inline constexpr MetricDescription kSourceSilent = {
    "lienthong_source_silent", MetricKind::Gauge, "source",
    "1 when the source has been silent longer than it is expected to be."};
inline constexpr MetricDescription kFolderWaiting = {"lienthong_folder_files_waiting", MetricKind::Gauge,
                                                     "source", "Files in the watched folder that wait."};
inline constexpr MetricDescription kFolderOldest = {"lienthong_folder_oldest_seconds", MetricKind::Gauge,
                                                    "source", "Age of the oldest file that waits."};
inline constexpr MetricDescription kFolderReadable = {
    "lienthong_folder_readable", MetricKind::Gauge, "source",
    "1 while the watched folder is there and can be read and written."};
inline constexpr MetricDescription kFolderFiles = {"lienthong_folder_files_total", MetricKind::Counter,
                                                   "source,fate", "Files taken, by fate: done, failed."};
inline constexpr MetricDescription kWriterQueue = {"lienthong_store_queue_jobs", MetricKind::Gauge, "",
                                                   "Jobs waiting for the writer thread."};
inline constexpr MetricDescription kDatabaseBytes = {"lienthong_store_database_bytes", MetricKind::Gauge, "",
                                                     "Size of the database file."};
inline constexpr MetricDescription kWalBytes = {"lienthong_store_wal_bytes", MetricKind::Gauge, "",
                                                "Size of the write-ahead log."};
inline constexpr MetricDescription kDiskFull = {"lienthong_store_disk_full", MetricKind::Gauge, "",
                                                "1 while the disk is full and messages are refused."};
inline constexpr MetricDescription kResourceVersions = {
    "lienthong_resource_versions_total", MetricKind::Counter, "", "Resource versions written."};
inline constexpr MetricDescription kResults = {
    "lienthong_results", MetricKind::Gauge, "kind",
    "Observations held, each of one kind: original, claims-copy, claims-copy-tied, made-up."};
inline constexpr MetricDescription kOutboxResources = {"lienthong_outbox_resources", MetricKind::Gauge,
                                                       "destination",
                                                       "Changed resources that wait for the destination."};
inline constexpr MetricDescription kOutboxAge = {"lienthong_outbox_oldest_seconds", MetricKind::Gauge,
                                                 "destination", "Age of the longest waiting change."};
inline constexpr MetricDescription kDelivered = {"lienthong_delivered_resources_total", MetricKind::Counter,
                                                 "destination", "Resources the destination has confirmed."};
inline constexpr MetricDescription kWithheld = {
    "lienthong_withheld_total", MetricKind::Counter, "destination",
    "Changed resources (without a repository: entries of messages) it is not cleared for."};
inline constexpr MetricDescription kDeadLetters = {"lienthong_dead_letters_total", MetricKind::Counter,
                                                   "destination",
                                                   "Resources the destination has refused for good."};
inline constexpr MetricDescription kDeliverySeconds = {"lienthong_delivery_seconds", MetricKind::Histogram,
                                                       "destination", "One request to a destination."};
inline constexpr MetricDescription kHttpRequests = {
    "lienthong_http_requests_total", MetricKind::Counter, "interaction,status",
    "HTTP requests answered; status is 2xx, 3xx, 4xx or 5xx."};
inline constexpr MetricDescription kHttpSeconds = {"lienthong_http_seconds", MetricKind::Histogram,
                                                   "interaction",
                                                   "From a request's last byte to its answer."};

inline constexpr std::array kAll = {
    kBuildInfo,      kStartTime,    kMessages,           kMessageBytes,    kProblems,        kAckSeconds,
    kConvertSeconds, kConnections,  kConnectionsRefused, kSourceSilent,    kWriterQueue,     kDatabaseBytes,
    kWalBytes,       kDiskFull,     kResourceVersions,   kResults,         kOutboxResources, kOutboxAge,
    kDelivered,      kWithheld,     kDeadLetters,        kDeliverySeconds, kHttpRequests,    kHttpSeconds,
    kFolderWaiting,  kFolderOldest, kFolderReadable,     kFolderFiles};

}  // namespace lienthong::metric
