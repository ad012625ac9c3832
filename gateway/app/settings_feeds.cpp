// The settings of what comes in and what goes out.

#include "gateway/app/setting_builder.h"
#include "gateway/app/settings_sections.h"

namespace lienthong::app {
namespace {

constexpr std::int64_t kKiB = std::int64_t{1} << 10, kMiB = std::int64_t{1} << 20,
                       kGiB = std::int64_t{1} << 30;
constexpr std::int64_t kSecond = 1'000, kMinute = 60 * kSecond, kHour = 60 * kMinute, kDay = 24 * kHour;

// What a source is.
void add_source_identity(SectionBuilder<SourceConfig>& s) {
  s.text("name", TextForm::Name, &SourceConfig::name,
         {"The source's name: small letters, digits, hyphens. Never change it: the journal knows the source "
          "by it.",
          "Tên của nguồn: chữ thường không dấu, chữ số, dấu gạch nối. Đừng đổi tên: sổ bản tin nhận ra nguồn "
          "qua tên này."})
      .required = true;
  s.add("kind", &SourceConfig::kind,
        {"mllp listens for HL7 v2; http takes POST /ingest/NAME of the HTTP server; folder takes the files "
         "of a "
         "folder.",
         "mllp nghe HL7 v2; http nhận POST /ingest/TÊN của máy chủ HTTP; folder nhận các tệp trong một thư "
         "mục."},
        {"mllp", "http", "folder"});
  s.text("listen", TextForm::Endpoint, &SourceConfig::listen,
         {"Address and port (mllp).", "Địa chỉ và cổng (mllp)."});
  s.text("profile", TextForm::Any, &SourceConfig::profile,
         {"How its messages are read: a name from `lienthong profiles`.",
          "Cách đọc bản tin: một tên trong `lienthong profiles`."})
      .required = true;
  s.text("facility", TextForm::Any, &SourceConfig::facility,
         {"The code of the facility whose data these are (for example its insurance code): every key begins "
          "with it.",
          "Mã cơ sở khám chữa bệnh sở hữu dữ liệu (ví dụ mã KCB BHYT): mọi khóa đều bắt đầu bằng mã này."});
  s.text("facility_name", TextForm::Any, &SourceConfig::facility_name,
         {"The facility's name.", "Tên cơ sở."});
  s.text("facilities", TextForm::Any, &SourceConfig::facilities,
         {"Instead of `facility`, when several send here: sending facility (MSH-4) = facility. Others are "
          "set apart.",
          "Dùng thay `facility` khi nhiều cơ sở cùng gửi: cơ sở gửi (MSH-4) = mã cơ sở. Cơ sở lạ bị tách "
          "riêng."});
  s.add(
      "state", &SourceConfig::state,
      {"learn: keep and report only; shadow: convert and compare, deliver nothing; live.",
       "learn: chỉ lưu và báo cáo; shadow: chuyển đổi và đối chiếu, không chuyển đi; live: hoạt động thật."},
      {"learn", "shadow", "live"});
  s.add("test", &SourceConfig::test,
        {"Takes test messages (MSH-11 other than P); its data are marked HTEST and go to test destinations "
         "only.",
         "Nhận bản tin thử (MSH-11 khác P); dữ liệu mang nhãn HTEST và chỉ tới đích thử nghiệm."});
}

// The folder that is watched.
void add_source_folder(SectionBuilder<SourceConfig>& s) {
  s.text("folder", TextForm::Path, &SourceConfig::folder,
         {"The folder where files are put (folder). Files go through working/ to done/ or failed/ below it.",
          "Thư mục nhận tệp (folder). Tệp đi qua working/ rồi tới done/ hoặc failed/ trong thư mục đó."});
  s.text(
      "files", TextForm::Any, &SourceConfig::files,
      {"Patterns of the files' names, for example [\"*.csv\"] (folder); none = all. Names that begin with . "
       "or "
       "~ or end with .tmp, .part and the like are left alone.",
       "Mẫu tên tệp, ví dụ [\"*.csv\"] (folder); để trống = mọi tệp. Tên bắt đầu bằng . hoặc ~, hay kết thúc "
       "bằng .tmp, .part và tương tự thì được bỏ qua."});
  s.add("order", &SourceConfig::order,
        {"Which file comes first: the oldest by time, or by name (folder).",
         "Tệp nào được nhận trước: cũ nhất theo thời gian, hay theo tên (folder)."},
        {"time", "name"});
  s.number(
      "stable_for", 0, kHour, &SourceConfig::stable_for,
      {"A file is complete when its size and time have not changed for so long; 0 = at once, for senders "
       "that "
       "move finished files in (folder).",
       "Tệp được coi là đầy đủ khi kích thước và thời gian không đổi trong khoảng này; 0 = ngay lập tức, khi "
       "bên gửi chuyển tệp đã hoàn chỉnh vào (folder)."});
  s.number("scan_every", 100, kHour, &SourceConfig::scan_every,
           {"How often the folder is looked at, besides when the system tells of a change (folder).",
            "Bao lâu xem thư mục một lần, ngoài lúc hệ thống báo có thay đổi (folder)."});
  s.number("keep_files", 0, 3650 * kDay, &SourceConfig::keep_files,
           {"How long files stay in done/; 0 = for ever (folder).",
            "Giữ tệp trong done/ bao lâu; 0 = mãi mãi (folder)."});
}

// How its messages are answered and read.
void add_source_reading(SectionBuilder<SourceConfig>& s) {
  s.add("acknowledge", &SourceConfig::acknowledge,
        {"stored: AA when the message is on disk; processed: AE when the data are bad.",
         "stored: trả AA khi bản tin đã nằm trên đĩa; processed: trả AE khi dữ liệu sai."},
        {"stored", "processed"});
  s.add("check", &SourceConfig::check,
        {"Whether what its messages make is judged by FHIR R4 first: warn tells and stores, reject refuses a "
         "message with an error and keeps it raw.",
         "Có kiểm tra kết quả chuyển đổi theo FHIR R4 trước khi lưu hay không: warn báo rồi vẫn lưu, reject "
         "từ chối "
         "bản tin có lỗi và giữ bản gốc."},
        {"off", "warn", "reject"});
  s.add("unknown_types", &SourceConfig::unknown_types,
        {"What happens to message types that no mapping takes.", "Xử lý loại bản tin chưa có ánh xạ."},
        {"keep", "refuse"});
  s.add("duplicates", &SourceConfig::duplicates,
        {"The same control id with other content: accept with a warning, or refuse (strict).",
         "Cùng mã điều khiển nhưng nội dung khác: nhận kèm cảnh báo, hoặc từ chối (strict)."},
        {"accept", "strict"});
  s.number(
      "duplicate_window", kMinute, 400 * kDay, &SourceConfig::duplicate_window,
      {"How long a repeated message is recognised.", "Nhận ra bản tin gửi lặp trong khoảng thời gian này."});
  s.add("null_deletes", &SourceConfig::null_deletes,
        {"Whether \"\" in a field removes what is stored.",
         "Ký hiệu \"\" trong một trường có xóa giá trị đã lưu hay không."});
  s.add(
      "confirm_removals", &SourceConfig::confirm_removals,
      {"Lets a dossier take away more than 30 % of what it held before; set it only after asking the sender.",
       "Cho phép hồ sơ gỡ bỏ hơn 30 % nội dung đã có; chỉ bật sau khi đã hỏi bên gửi."});
  s.number("precedence", 0, 1'000, &SourceConfig::precedence,
           {"When two sources state the same element, the higher precedence wins (HIS above LIS).",
            "Khi hai nguồn cùng nói về một mục, nguồn có mức ưu tiên cao hơn thắng (HIS trên LIS)."});
  s.text("charset", TextForm::Charset, &SourceConfig::charset,
         {"The messages' character set, when they declare none or a wrong one.",
          "Bảng mã của bản tin, nếu bản tin không khai báo hoặc khai báo sai."});
  s.text("utc_offset", TextForm::UtcOffset, &SourceConfig::utc_offset,
         {"The zone of its times; none = the gateway's.", "Múi giờ của nguồn; để trống = theo cổng."});
  s.add("expect", &SourceConfig::expect,
        {"When it should speak, for example \"every 30m, Mon-Sat 07-17\"; a silence is shown and alarmed.",
         "Khi nào nguồn phải gửi, ví dụ \"every 30m, Mon-Sat 07-17\"; im lặng quá lâu sẽ được cảnh báo."});
}

// Who may connect, and what a connection may cost.
void add_source_limits(SectionBuilder<SourceConfig>& s) {
  s.text(
      "tls.certificate", TextForm::Path, [](SourceConfig& c) -> auto& { return c.tls.certificate; },
      {"The listener's certificate chain, PEM (mllp).", "Chuỗi chứng thư của cổng nghe, dạng PEM (mllp)."});
  s.text("tls.key", TextForm::Path, [](SourceConfig& c) -> auto& { return c.tls.key; },
         {"Its private key, PEM; \"credential:NAME\" = a systemd credential.",
          "Khóa riêng tương ứng, dạng PEM; \"credential:TÊN\" = credential của systemd."});
  s.text("tls.client_ca", TextForm::Path, [](SourceConfig& c) -> auto& { return c.tls.client_ca; },
         {"Require client certificates signed by these, PEM.",
          "Bắt buộc bên gửi có chứng thư do các CA này ký, dạng PEM."});
  s.text("allow", TextForm::AddressBlock, &SourceConfig::allow,
         {"Addresses that may connect (mllp), for example [\"10.0.0.0/8\"]; none = all.",
          "Các địa chỉ được phép kết nối (mllp), ví dụ [\"10.0.0.0/8\"]; để trống = tất cả."});
  s.number("message_limit", kKiB, kGiB, &SourceConfig::message_limit,
           {"The largest message.", "Kích thước bản tin lớn nhất."});
  s.number("connections", 1, 100'000, &SourceConfig::connections,
           {"Most open connections (mllp).", "Số kết nối mở tối đa (mllp)."});
  s.number("idle_timeout", 0, 30 * kDay, &SourceConfig::idle_timeout,
           {"A connection that is silent for so long is closed; 0 = never.",
            "Kết nối im lặng lâu như vậy thì bị đóng; 0 = không bao giờ."});
  s.add("insecure", &SourceConfig::insecure,
        {"Listen beyond this machine without TLS and client certificates or an allow-list. Warned of at each "
         "start.",
         "Cho phép nghe ra ngoài mà không có TLS và chứng thư hoặc danh sách địa chỉ. Mỗi lần khởi động đều "
         "cảnh báo."});
}

}  // namespace

Section source_section() {
  SectionBuilder<SourceConfig> s(
      SectionId::Source, "source", true,
      {"A way in: one hospital system that sends.", "Một đường vào: một hệ thống gửi dữ liệu."});
  add_source_identity(s);
  add_source_folder(s);
  add_source_reading(s);
  add_source_limits(s);
  return s.take();
}

Section destination_section() {
  SectionBuilder<DestinationConfig> s(
      SectionId::Destination, "destination", true,
      {"A way out: who gets what is stored here.", "Một đường ra: nơi nhận những gì được lưu ở đây."});
  s.text("name", TextForm::Name, &DestinationConfig::name,
         {"The destination's name. Never change it: what it has confirmed is known by it.",
          "Tên của đích. Đừng đổi tên: những gì đích đã xác nhận được nhớ theo tên này."})
      .required = true;
  s.add("kind", &DestinationConfig::kind,
        {"fhir: a FHIR server, also another lienthong; folder: files of bundles.",
         "fhir: một máy chủ FHIR, kể cả một lienthong khác; folder: các tệp Bundle trong thư mục."},
        {"fhir", "folder"});
  s.text("url", TextForm::Url, &DestinationConfig::url,
         {"The FHIR base, for example https://province.example/fhir (fhir).",
          "Địa chỉ gốc FHIR, ví dụ https://province.example/fhir (fhir)."});
  s.text("folder", TextForm::Path, &DestinationConfig::folder,
         {"Where the files go (folder).", "Thư mục ghi tệp (folder)."});
  s.text("token.file", TextForm::Path, [](DestinationConfig& c) -> auto& { return c.token.file; },
         {"The file with the bearer token to show, mode 0600.",
          "Tệp chứa mã truy cập để xuất trình, quyền 0600."});
  s.text("token.environment", TextForm::Any,
         [](DestinationConfig& c) -> auto& { return c.token.environment; },
         {"Or the environment variable that holds it.", "Hoặc biến môi trường chứa mã truy cập."});
  s.text("tls.ca", TextForm::Path, [](DestinationConfig& c) -> auto& { return c.tls.ca; },
         {"Whose certificates to trust, PEM; none = the system's.",
          "Tin các chứng thư do ai ký, dạng PEM; để trống = theo hệ thống."});
  s.text("tls.certificate", TextForm::Path, [](DestinationConfig& c) -> auto& { return c.tls.certificate; },
         {"Our own certificate to show, PEM.", "Chứng thư của cổng này để xuất trình, dạng PEM."});
  s.text("tls.key", TextForm::Path, [](DestinationConfig& c) -> auto& { return c.tls.key; },
         {"Its private key, PEM; \"credential:NAME\" = a systemd credential.",
          "Khóa riêng tương ứng, dạng PEM; \"credential:TÊN\" = credential của systemd."});
  s.text("resources", TextForm::ResourceType, &DestinationConfig::resources,
         {"The resource types that go there; \"*\" = all.",
          "Các loại tài nguyên được chuyển tới đây; \"*\" = tất cả."});
  s.add("test", &DestinationConfig::test,
        {"Takes the data of test sources, and no others.", "Chỉ nhận dữ liệu của các nguồn thử nghiệm."});
  s.text(
      "clearance", TextForm::Any, &DestinationConfig::clearance,
      {"The labels of sensitive data (HIV, TB, PSY, ETH, STD, SDV …) that may go there; \"*\" = all, none = "
       "nothing that is labelled.",
       "Các nhãn dữ liệu nhạy cảm (HIV, TB, PSY, ETH, STD, SDV …) được phép chuyển tới đây; \"*\" = tất cả, "
       "để trống = không chuyển dữ liệu có nhãn."});
  s.number("maximum_entries", 1, 10'000, &DestinationConfig::maximum_entries,
           {"Most entries of one bundle.", "Số mục tối đa trong một Bundle."});
  s.number("maximum_bytes", 64 * kKiB, 256 * kMiB, &DestinationConfig::maximum_bytes,
           {"Most bytes of one bundle.", "Kích thước tối đa của một Bundle."});
  s.number(
      "connections", 0, 256, &DestinationConfig::connections,
      {"Requests at the same time; one patient's changes stay in order. 0 = 8, and 128 where no repository "
       "is kept, since each message is then a request of its own.",
       "Số yêu cầu cùng lúc; thay đổi của một người bệnh luôn giữ thứ tự. 0 = 8; là 128 khi không giữ kho dữ "
       "liệu, vì khi đó mỗi bản tin là một yêu cầu riêng."});
  s.number("timeout", kSecond, kHour, &DestinationConfig::timeout,
           {"How long an answer may take.", "Thời gian chờ trả lời."});
  s.number("retry_first", 10, kHour, &DestinationConfig::retry_first,
           {"The wait before the first new try; it doubles each time.",
            "Chờ bao lâu trước lần thử lại đầu tiên; mỗi lần sau gấp đôi."});
  s.number("retry_longest", 10, kDay, &DestinationConfig::retry_longest,
           {"The longest wait between two tries.", "Khoảng chờ dài nhất giữa hai lần thử."});
  s.add("insecure", &DestinationConfig::insecure,
        {"Send beyond this machine without TLS. Warned of at each start.",
         "Cho phép gửi ra ngoài mà không có TLS. Mỗi lần khởi động đều cảnh báo."});
  return s.take();
}

}  // namespace lienthong::app
