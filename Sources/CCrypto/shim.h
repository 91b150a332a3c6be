#include <stdint.h>
#include <openssl/hmac.h>
#include <openssl/evp.h>
#include <openssl/rand.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <time.h>

/* EVP_sha256 and HMAC as one call: `out` holds 32 bytes. Returns 1 on success. */
static inline int mizumori_hmac_sha256(const unsigned char *key, int keylen, const unsigned char *msg, size_t len, unsigned char *out) {
  unsigned int n = 32;
  return HMAC(EVP_sha256(), key, keylen, msg, len, out, &n) != 0 && n == 32;
}

/* SHA-256 of `msg`: `out` holds 32 bytes. Returns 1 on success. */
static inline int mizumori_sha256(const unsigned char *msg, size_t len, unsigned char *out) {
  unsigned int n = 32;
  return EVP_Digest(msg, len, out, &n, EVP_sha256(), 0) == 1 && n == 32;
}

/* SHA-256 in pieces: begin (null when memory is short), add (1 on success), end (frees; `out` holds 32 bytes; 1 on success). */
static inline EVP_MD_CTX *mizumori_sha256_begin(void) {
  EVP_MD_CTX *c = EVP_MD_CTX_new();
  if (c && EVP_DigestInit_ex(c, EVP_sha256(), 0) != 1) {
    EVP_MD_CTX_free(c);
    c = 0;
  }
  return c;
}
static inline int mizumori_sha256_add(EVP_MD_CTX *c, const void *bytes, size_t len) { return EVP_DigestUpdate(c, bytes, len) == 1; }
static inline int mizumori_sha256_end(EVP_MD_CTX *c, unsigned char *out) {
  unsigned int n = 32;
  int done = EVP_DigestFinal_ex(c, out, &n) == 1 && n == 32;
  EVP_MD_CTX_free(c);
  return done;
}

/* scrypt (RFC 7914): `out` holds 32 bytes, `memory` is the most it may take. Returns 1 on success. */
static inline int mizumori_scrypt(
    const void *pass, size_t passlen, const unsigned char *salt, size_t saltlen, uint64_t n, uint64_t r, uint64_t p, uint64_t memory,
    unsigned char *out) {
  return EVP_PBE_scrypt(passlen ? (const char *)pass : "", passlen, salt, saltlen, n, r, p, memory, out, 32) == 1;
}

/* Times of the first certificate of a PEM file in Unix seconds, and its subject in one line. Returns 1 on success, 0 when there is none. */
static inline int mizumori_certificate(const char *path, int64_t *begins, int64_t *ends, char *subject, int room) {
  FILE *f = fopen(path, "re");
  if (!f) return 0;
  X509 *c = PEM_read_X509(f, 0, 0, 0);
  fclose(f);
  if (!c) return 0;
  struct tm from, to;
  int done = ASN1_TIME_to_tm(X509_get0_notBefore(c), &from) == 1 && ASN1_TIME_to_tm(X509_get0_notAfter(c), &to) == 1;
  if (done) {
    *begins = timegm(&from);
    *ends = timegm(&to);
    X509_NAME_oneline(X509_get_subject_name(c), subject, room);
  }
  X509_free(c);
  return done;
}

/* Whether the private key of one PEM file belongs to the certificate of another: 1 yes, 0 no, -1 when one cannot be read (or the key asks
   for a passphrase, which is never asked here). */
static inline int mizumori_key_matches(const char *certificate, const char *key) {
  FILE *f = fopen(certificate, "re");
  X509 *c = f ? PEM_read_X509(f, 0, 0, 0) : 0;
  if (f) fclose(f);
  f = fopen(key, "re");
  EVP_PKEY *k = f ? PEM_read_PrivateKey(f, 0, 0, (void *)"") : 0;
  if (f) fclose(f);
  int found = c && k ? X509_check_private_key(c, k) == 1 : -1;
  X509_free(c);
  EVP_PKEY_free(k);
  return found;
}
