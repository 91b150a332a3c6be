#include <openssl/hmac.h>
#include <openssl/evp.h>
#include <openssl/rand.h>

/* EVP_sha256 and HMAC as one call: `out` holds 32 bytes. Returns 1 on success. */
static inline int mizumori_hmac_sha256(const unsigned char *key, int keylen, const unsigned char *msg, size_t len, unsigned char *out) {
  unsigned int n = 32;
  return HMAC(EVP_sha256(), key, keylen, msg, len, out, &n) != 0 && n == 32;
}
