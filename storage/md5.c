#include "storage/md5.h"

#include <openssl/evp.h>
#include <pthread.h>
#include <stdlib.h>

static EVP_MD *algorithm;
static pthread_once_t fetched = PTHREAD_ONCE_INIT;

/* Looking the algorithm up by name for each digest would cost more than the digest. */
static void fetch(void)
{
    algorithm = EVP_MD_fetch(NULL, "MD5", "-fips");
    if (!algorithm)
        abort();
}

void md5(struct str bytes, uint8_t out[MD5_SIZE])
{
    pthread_once(&fetched, fetch);
    if (!EVP_Digest(bytes.n ? bytes.p : "", bytes.n, out, NULL, algorithm, NULL))
        abort();
}

uint64_t md5_number(struct str bytes)
{
    uint8_t hash[MD5_SIZE];
    uint64_t number = 0;
    md5(bytes, hash);
    for (int i = 0; i < 8; i++)
        number = number << 8 | hash[i];
    return number;
}
