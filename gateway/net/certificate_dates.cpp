#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <ctime>
#include <memory>

#include "gateway/net/net_errors.h"
#include "gateway/net/tls.h"

namespace lienthong::net {
namespace {

std::chrono::sys_seconds instant_of(const ASN1_TIME* time) {
  std::tm parts{};
  if (ASN1_TIME_to_tm(time, &parts) != 1) return {};
  return std::chrono::sys_seconds(std::chrono::seconds(::timegm(&parts)));
}

}  // namespace

Result<CertificateDates> certificate_dates(const std::string& file) {
  const std::unique_ptr<BIO, void (*)(BIO*)> bytes(BIO_new_file(file.c_str(), "r"), BIO_free_all);
  const std::unique_ptr<X509, void (*)(X509*)> certificate(
      bytes == nullptr ? nullptr : PEM_read_bio_X509(bytes.get(), nullptr, nullptr, nullptr), X509_free);
  ERR_clear_error();
  if (certificate == nullptr)
    return fail(Category::Incorrect, kBadTlsFile, "certificate file " + file + ": it holds no certificate");
  return CertificateDates{instant_of(X509_get0_notBefore(certificate.get())),
                          instant_of(X509_get0_notAfter(certificate.get()))};
}

}  // namespace lienthong::net
