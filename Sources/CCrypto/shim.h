#include <stdint.h>
#include <openssl/hmac.h>
#include <openssl/evp.h>
#include <openssl/rand.h>

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
