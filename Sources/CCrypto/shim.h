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

/* scrypt (RFC 7914): `out` holds 32 bytes, `memory` is the most it may take. Returns 1 on success. */
static inline int mizumori_scrypt(
    const void *pass, size_t passlen, const unsigned char *salt, size_t saltlen, uint64_t n, uint64_t r, uint64_t p, uint64_t memory,
    unsigned char *out) {
  return EVP_PBE_scrypt(passlen ? (const char *)pass : "", passlen, salt, saltlen, n, r, p, memory, out, 32) == 1;
}
