/*
 * CRC-32C (Castagnoli), the checksum of the event log.  Uses the processor's instruction where
 * there is one.  Feed pieces by passing the result on: crc32c(crc32c(0, a, n), b, m).  Any thread.
 */
#ifndef STORAGE_CRC32C_H
#define STORAGE_CRC32C_H

#include <stddef.h>
#include <stdint.h>

uint32_t crc32c(uint32_t crc, const void *bytes, size_t n);

/* The portable way, for the test that both agree. */
uint32_t crc32c_table(uint32_t crc, const void *bytes, size_t n);

#endif
