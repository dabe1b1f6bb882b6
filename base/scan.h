/*
 * Finds the next byte of a text that needs attention, sixteen at a time where the processor can.
 * Each function returns how many leading bytes need none.  Any thread may call.
 */
#ifndef BASE_SCAN_H
#define BASE_SCAN_H

#include <stdbool.h>
#include <stddef.h>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

static inline bool scan_is_plain(unsigned char c)
{
    return c >= 0x20 && c != '"' && c != '\\';
}

#ifdef __SSE2__
/* Bit i: byte i is a quote or a backslash. */
static inline __m128i scan_quotes(__m128i v)
{
    return _mm_or_si128(_mm_cmpeq_epi8(v, _mm_set1_epi8('"')),
                        _mm_cmpeq_epi8(v, _mm_set1_epi8('\\')));
}
#endif

/* Up to the first quote, backslash or byte below 0x20: what a JSON string carries as it is. */
static inline size_t scan_plain(const char *p, size_t n)
{
    size_t i = 0;
#ifdef __SSE2__
    const __m128i last_control = _mm_set1_epi8(0x1f);
    for (; n - i >= 16; i += 16) {
        __m128i v = _mm_loadu_si128((const __m128i *)(const void *)(p + i));
        __m128i control = _mm_cmpeq_epi8(_mm_min_epu8(v, last_control), v);
        int stop = _mm_movemask_epi8(_mm_or_si128(scan_quotes(v), control));
        if (stop)
            return i + (size_t)__builtin_ctz((unsigned)stop);
    }
#endif
    while (i < n && scan_is_plain((unsigned char)p[i]))
        i++;
    return i;
}

/* As scan_plain, but stops at bytes outside ASCII too. */
static inline size_t scan_plain_ascii(const char *p, size_t n)
{
    size_t i = 0;
#ifdef __SSE2__
    for (; n - i >= 16; i += 16) {
        __m128i v = _mm_loadu_si128((const __m128i *)(const void *)(p + i));
        /* The comparison is signed: bytes from 0x80 on count as negative. */
        __m128i low = _mm_cmplt_epi8(v, _mm_set1_epi8(0x20));
        int stop = _mm_movemask_epi8(_mm_or_si128(scan_quotes(v), low));
        if (stop)
            return i + (size_t)__builtin_ctz((unsigned)stop);
    }
#endif
    while (i < n && scan_is_plain((unsigned char)p[i]) && (unsigned char)p[i] < 0x80)
        i++;
    return i;
}

/* Up to the first NUL or byte outside ASCII. */
static inline size_t scan_ascii(const char *p, size_t n)
{
    size_t i = 0;
#ifdef __SSE2__
    for (; n - i >= 16; i += 16) {
        __m128i v = _mm_loadu_si128((const __m128i *)(const void *)(p + i));
        int stop = _mm_movemask_epi8(_mm_cmplt_epi8(v, _mm_set1_epi8(1)));
        if (stop)
            return i + (size_t)__builtin_ctz((unsigned)stop);
    }
#endif
    while (i < n && (signed char)p[i] > 0)
        i++;
    return i;
}

#endif
