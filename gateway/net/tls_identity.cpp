#include "gateway/net/tls_identity.h"

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <string_view>

#include "gateway/net/socket_address.h"

namespace lienthong::net {
namespace {

std::string utf8_of(const ASN1_STRING* text) {
  unsigned char* bytes = nullptr;
  const int size = ASN1_STRING_to_UTF8(&bytes, text);
  if (size < 0) return {};
  std::string out(reinterpret_cast<char*>(bytes), static_cast<std::size_t>(size));
  OPENSSL_free(bytes);
  return out;
}

std::string subject_of(X509_NAME* name) {
  BIO* memory = BIO_new(BIO_s_mem());
  if (memory == nullptr) return {};
  // RFC 2253, but Vietnamese letters as themselves.
  X509_NAME_print_ex(memory, name, 0, XN_FLAG_RFC2253 & ~static_cast<unsigned long>(ASN1_STRFLGS_ESC_MSB));
  char* bytes = nullptr;
  const long size = BIO_get_mem_data(memory, &bytes);
  std::string out(bytes, static_cast<std::size_t>(size));
  BIO_free(memory);
  return out;
}

std::string common_name_of(X509_NAME* name) {
  const int at = X509_NAME_get_index_by_NID(name, NID_commonName, -1);
  return at < 0 ? std::string() : utf8_of(X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, at)));
}

// iPAddress is 4 or 16 bytes (RFC 5280 §4.2.1.6).
std::string address_of(const ASN1_OCTET_STRING* text) {
  const std::string_view bytes(reinterpret_cast<const char*>(ASN1_STRING_get0_data(text)),
                               static_cast<std::size_t>(ASN1_STRING_length(text)));
  return bytes.size() == 4 || bytes.size() == 16 ? address_text(bytes) : std::string();
}

std::vector<std::string> names_of(X509* certificate) {
  std::vector<std::string> out;
  auto* names =
      static_cast<GENERAL_NAMES*>(X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr));
  for (int i = 0; i < sk_GENERAL_NAME_num(names); ++i) {
    const GENERAL_NAME* name = sk_GENERAL_NAME_value(names, i);
    std::string text;
    if (name->type == GEN_DNS) text = utf8_of(name->d.dNSName);
    if (name->type == GEN_IPADD) text = address_of(name->d.iPAddress);
    if (!text.empty()) out.push_back(std::move(text));
  }
  GENERAL_NAMES_free(names);
  return out;
}

std::string fingerprint_of(X509* certificate) {
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned size = 0;
  if (X509_digest(certificate, EVP_sha256(), digest, &size) != 1) return {};
  static constexpr char kHex[] = "0123456789abcdef";
  std::string out;
  for (unsigned i = 0; i < size; ++i) {
    out.push_back(kHex[digest[i] >> 4]);
    out.push_back(kHex[digest[i] & 15]);
  }
  return out;
}

}  // namespace

TlsIdentity identity_of(X509* certificate) {
  X509_NAME* name = X509_get_subject_name(certificate);
  return {subject_of(name), common_name_of(name), names_of(certificate), fingerprint_of(certificate)};
}

}  // namespace lienthong::net
