#include "gateway/app/setting_builder.h"
#include "gateway/app/settings_sections.h"

namespace lienthong::app {
namespace {

constexpr std::int64_t kKiB = std::int64_t{1} << 10, kMiB = std::int64_t{1} << 20,
                       kGiB = std::int64_t{1} << 30;
constexpr std::int64_t kSecond = 1'000, kMinute = 60 * kSecond, kHour = 60 * kMinute, kDay = 24 * kHour;

}  // namespace

Section gateway_section() {
  SectionBuilder<GatewayConfig> s(SectionId::Gateway, "gateway", false,
                                  {"This gateway as a whole.", "Toàn bộ cổng này."});
  s.text("name", TextForm::Name, &GatewayConfig::name,
         {"The gateway's name: small letters, digits, hyphens. It signs acknowledgements and every stored "
          "version.",
          "Tên của cổng: chữ thường không dấu, chữ số, dấu gạch nối. Tên này ghi trong bản tin trả lời và "
          "trong mỗi phiên bản được lưu."})
      .required = true;
  s.add("language", &GatewayConfig::language,
        {"The language of answers to senders and clients.",
         "Ngôn ngữ dùng khi trả lời bên gửi và bên đọc dữ liệu."},
        {"en", "vi"});
  s.text("data_dir", TextForm::Path, &GatewayConfig::data_dir,
         {"The folder of the database. It must be on a local disk.",
          "Thư mục chứa cơ sở dữ liệu. Phải nằm trên đĩa cục bộ."});
  s.text("utc_offset", TextForm::UtcOffset, &GatewayConfig::utc_offset,
         {"The zone of times that are sent without one.",
          "Múi giờ cho các thời điểm được gửi mà không kèm múi giờ."});
  s.number("io_threads", 0, 64, &GatewayConfig::io_threads,
           {"Threads that serve connections; 0 = one a core.",
            "Số luồng phục vụ kết nối; 0 = mỗi lõi một luồng."});
  s.text("mappings", TextForm::Path, &GatewayConfig::mappings,
         {"The folder of the mappings, when not the installed one.",
          "Thư mục các ánh xạ, nếu không dùng thư mục đã cài đặt."});
  s.text("adapters", TextForm::Path, &GatewayConfig::adapters,
         {"The folder of the adapters, when not the installed one.",
          "Thư mục các bộ đọc định dạng, nếu không dùng thư mục đã cài đặt."});
  s.number(
      "watch_mappings", 0, kHour, &GatewayConfig::watch_mappings,
      {"How often the files of the mappings are looked at; changed ones are checked and taken into use as "
       "by `lienthong reload`. 0 = only when told to.",
       "Bao lâu xem lại các tệp ánh xạ một lần; tệp đã sửa được kiểm tra rồi đưa vào dùng như khi chạy "
       "`lienthong reload`. 0 = chỉ khi được yêu cầu."});
  s.number(
      "conversion_limit", kSecond, kHour, &GatewayConfig::conversion_limit,
      {"A message whose conversion does not get on for so long ends the program, which is started again "
       "and sets the message apart the second time.",
       "Bản tin mà việc chuyển đổi đứng yên lâu như vậy sẽ làm chương trình dừng; chương trình khởi động "
       "lại và lần thứ hai thì cách ly bản tin đó."});
  s.add("log_level", &GatewayConfig::log_level,
        {"What the log keeps: this level and what is graver.", "Nhật ký ghi từ mức này trở lên."},
        {"debug", "info", "warning", "error", "off"});
  s.number("bytes_in_flight", 16 * kMiB, 64 * kGiB, &GatewayConfig::bytes_in_flight,
           {"Memory for all messages and bodies that are being received; beyond it senders wait.",
            "Bộ nhớ cho mọi bản tin đang được nhận; vượt quá mức này thì bên gửi phải chờ."});
  return s.take();
}

Section store_section() {
  SectionBuilder<StoreConfig> s(SectionId::Store, "store", false,
                                {"The database file.", "Tệp cơ sở dữ liệu."});
  s.number("wal_limit", 16 * kMiB, 16 * kGiB, &StoreConfig::wal_limit,
           {"The write-ahead log is emptied when it grows beyond this.",
            "Nhật ký ghi trước được dọn khi lớn hơn mức này."});
  s.number("queue_jobs", 100, 1'000'000, &StoreConfig::queue_jobs,
           {"Messages that may wait for the disk; beyond it senders are told to try again.",
            "Số bản tin được phép chờ ghi đĩa; vượt quá thì bên gửi được báo gửi lại sau."});
  s.number("queue_bytes", 1 * kMiB, 16 * kGiB, &StoreConfig::queue_bytes,
           {"The same limit in bytes.", "Cùng giới hạn đó, tính theo byte."});
  s.number("cache", 1 * kMiB, 16 * kGiB, &StoreConfig::cache,
           {"Memory of the writer for pages of the database.", "Bộ nhớ đệm trang của luồng ghi."});
  s.number("checkpoint_every", 10, kMinute, &StoreConfig::checkpoint_every,
           {"How often the log is copied into the database file.",
            "Bao lâu thì chép nhật ký ghi trước vào tệp cơ sở dữ liệu một lần."});
  s.number("snapshot_limit", 100, 5 * kMinute, &StoreConfig::snapshot_limit,
           {"The longest that a search may hold its view of the data.",
            "Thời gian dài nhất một lượt tìm kiếm được giữ ảnh chụp dữ liệu."});
  s.number("keep_messages", 0, 36'500 * kDay, &StoreConfig::keep_messages,
           {"How long received messages and their fates are kept; 0 = for ever.",
            "Giữ bản tin đã nhận cùng kết quả xử lý trong bao lâu; 0 = mãi mãi."});
  return s.take();
}

Section http_section() {
  SectionBuilder<HttpConfig> s(SectionId::Http, "http", false,
                               {"The HTTP server: /fhir, /ingest, /health and /metrics.",
                                "Máy chủ HTTP: /fhir, /ingest, /health và /metrics."});
  s.text("listen", TextForm::Endpoint, &HttpConfig::listen,
         {"Address and port; \"\" = no HTTP. Beyond this machine TLS and tokens (or client certificates) are "
          "required.",
          "Địa chỉ và cổng; \"\" = không mở HTTP. Nếu nghe ra ngoài máy này thì bắt buộc có TLS cùng mã truy "
          "cập hoặc chứng thư của bên gọi."});
  s.text("tls.certificate", TextForm::Path, [](HttpConfig& c) -> auto& { return c.tls.certificate; },
         {"The server's certificate chain, PEM.", "Chuỗi chứng thư của máy chủ, dạng PEM."});
  s.text("tls.key", TextForm::Path, [](HttpConfig& c) -> auto& { return c.tls.key; },
         {"Its private key, PEM; \"credential:NAME\" = a systemd credential.",
          "Khóa riêng tương ứng, dạng PEM; \"credential:TÊN\" = credential của systemd."});
  s.text("tls.client_ca", TextForm::Path, [](HttpConfig& c) -> auto& { return c.tls.client_ca; },
         {"Require client certificates signed by these, PEM.",
          "Bắt buộc bên gọi có chứng thư do các CA này ký, dạng PEM."});
  s.text("allow", TextForm::AddressBlock, &HttpConfig::allow,
         {"Addresses that may connect; none = all.", "Các địa chỉ được phép kết nối; để trống = tất cả."});
  s.text("base_url", TextForm::Url, &HttpConfig::base_url,
         {"How clients reach /fhir from outside, for links; none = as each request's Host says.",
          "Địa chỉ để bên ngoài tới /fhir, dùng trong các liên kết; để trống = theo Host của từng yêu cầu."});
  s.number("body_limit", 64 * kKiB, 4 * kGiB, &HttpConfig::body_limit,
           {"The largest request body; a larger one is answered 413.",
            "Kích thước lớn nhất của phần thân yêu cầu; lớn hơn thì trả lời 413."});
  s.number("spool_above", 4 * kKiB, 64 * kMiB, &HttpConfig::spool_above,
           {"Larger bodies wait on disk instead of in memory.",
            "Phần thân lớn hơn mức này chờ trên đĩa thay vì trong bộ nhớ."});
  s.text(
      "audit", TextForm::Path, &HttpConfig::audit,
      {"The file that says who read and wrote what (JSON lines, no queries, no contents); none = audit.log "
       "in data_dir.",
       "Tệp ghi ai đã đọc và ghi những gì (mỗi dòng một JSON, không có câu truy vấn hay nội dung); để trống "
       "= audit.log trong data_dir."});
  s.number("audit_limit", 0, 64 * kGiB, &HttpConfig::audit_limit,
           {"When the audit file is larger it becomes FILE.1, in the place of the one before; 0 = no audit.",
            "Khi lớn hơn mức này, tệp được đổi tên thành TỆP.1, thay cho tệp cũ cùng tên; 0 = không ghi."});
  s.number("connections", 1, 100'000, &HttpConfig::connections,
           {"Most open connections.", "Số kết nối mở tối đa."});
  s.number("idle_timeout", kSecond, kDay, &HttpConfig::idle_timeout,
           {"A connection without a request for so long is closed.",
            "Kết nối không có yêu cầu trong khoảng này thì bị đóng."});
  s.add("check", &HttpConfig::check,
        {"Whether resources written at /fhir are judged by FHIR R4 first: warn counts what is found, reject "
         "answers "
         "422 to errors.",
         "Có kiểm tra tài nguyên ghi vào /fhir theo FHIR R4 trước hay không: warn đếm các vấn đề, reject trả "
         "lời 422 "
         "khi có lỗi."},
        {"off", "warn", "reject"});
  s.add("insecure", &HttpConfig::insecure,
        {"Listen beyond this machine without TLS and tokens or client certificates. Warned of at each start.",
         "Cho phép nghe ra ngoài mà không có TLS và mã truy cập hoặc chứng thư. Mỗi lần khởi động đều cảnh "
         "báo."});
  return s.take();
}

Section token_section() {
  SectionBuilder<TokenConfig> s(SectionId::Token, "http.token", true,
                                {"A bearer token that clients of the HTTP server show.",
                                 "Mã truy cập mà bên gọi máy chủ HTTP phải xuất trình."});
  s.text("name", TextForm::Name, &TokenConfig::name,
         {"Who shows it; stands in the audit.", "Ai dùng mã này; được ghi vào nhật ký kiểm tra."})
      .required = true;
  s.text("file", TextForm::Path, [](TokenConfig& c) -> auto& { return c.secret.file; },
         {"The file that holds the token, mode 0600.", "Tệp chứa mã truy cập, quyền 0600."});
  s.text("environment", TextForm::Any, [](TokenConfig& c) -> auto& { return c.secret.environment; },
         {"Or the environment variable that holds it.", "Hoặc biến môi trường chứa mã truy cập."});
  s.text("facility", TextForm::Any, &TokenConfig::facility,
         {"Whose data it may write; none = everyone's.",
          "Được ghi dữ liệu của cơ sở nào; để trống = mọi cơ sở."});
  s.add("access", &TokenConfig::access,
        {"What it allows; writing includes reading.", "Cho phép làm gì; quyền ghi bao gồm quyền đọc."},
        {"read", "write"});
  return s.take();
}

Section repository_section() {
  SectionBuilder<RepositoryConfig> s(SectionId::Repository, "repository", false,
                                     {"The FHIR repository.", "Kho dữ liệu FHIR."});
  s.add("enabled", &RepositoryConfig::enabled,
        {"Whether resources are kept and served here. Without it messages are converted and passed on.",
         "Có lưu và phục vụ tài nguyên tại đây hay không. Nếu không, bản tin chỉ được chuyển đổi rồi chuyển "
         "tiếp."});
  return s.take();
}

}  // namespace lienthong::app
