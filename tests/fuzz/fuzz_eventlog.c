/*
 * The log's reader against any damage: the first half of the input becomes the payloads of sound
 * records, the second half says which bytes of the segments to change.  Whatever happens, the
 * reader ends, gives back only what was written, and every record that nothing touched.
 */
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/log.h"
#include "storage/crc32c.h"
#include "storage/eventlog_files.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerInitialize(int *argc, char ***argv);

enum { RECORDS_MAX = 64, IMAGE_MAX = 1 << 16, TAIL = 64 };

struct written {
    int64_t from, to;
    bool touched;
};

struct image {
    char bytes[IMAGE_MAX], sound[IMAGE_MAX];
    int64_t size, second; /* where the second segment begins; 0: there is none */
    struct written records[RECORDS_MAX];
    size_t count;
};

static const struct uuid log_id = {{0xAB, 1, 2, 3}};
static char dir[64], path[LOG_PATH_MAX];

static void expect(bool is_so)
{
    if (!is_so)
        abort();
}

static void write_file(const char *name, const char *bytes, size_t n)
{
    char file[LOG_PATH_MAX + 64];
    snprintf(file, sizeof(file), "%s/%s", path, name);
    int fd = open(file, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    expect(fd >= 0 && write(fd, bytes, n) == (ssize_t)n);
    close(fd);
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc;
    (void)argv;
    log_open("fuzz_eventlog", LOG_ERROR + 1);
    snprintf(dir, sizeof(dir), "/dev/shm/fuzz-eventlog-%d", getpid());
    log_path(path, dir, log_id);
    expect(mkdir(dir, 0700) == 0 && mkdir(path, 0700) == 0);
    write_file("lock", "\0\0\0\0\0\0\0", 8);
    return 0;
}

static void put_record(struct image *m, const uint8_t *payload, size_t n)
{
    int64_t size = frame_padded(FRAME_SIZE + (int64_t)n);
    if (m->count == RECORDS_MAX || m->size + size > IMAGE_MAX - TAIL)
        return;
    frame_put(m->bytes + m->size, log_id, m->size, (uint32_t)n, crc32c(0, payload, n));
    memcpy(m->bytes + m->size + FRAME_SIZE, payload, n);
    m->records[m->count++] = (struct written){m->size, m->size + size, false};
    m->size += size;
}

/* The first byte of each piece is its length, and a length of 255 begins the second segment. */
static void put_records(struct image *m, const uint8_t *data, size_t size)
{
    while (size) {
        size_t n = *data < size ? *data : size - 1;
        if (*data == 255 && !m->second)
            m->second = m->size;
        put_record(m, data + 1, n);
        data += n + 1;
        size -= n + 1;
    }
}

static void touch(struct image *m, int64_t at, uint8_t with)
{
    m->bytes[at] ^= (char)(with | 1);
    for (size_t i = 0; i < m->count; i++)
        m->records[i].touched |= at >= m->records[i].from && at < m->records[i].to;
}

static void damage(struct image *m, const uint8_t *data, size_t size)
{
    memcpy(m->sound, m->bytes, (size_t)m->size);
    for (; m->size && size >= 3; data += 3, size -= 3)
        touch(m, (data[0] * 256 + data[1]) % m->size, data[2]);
}

static void write_segments(const struct image *m)
{
    char name[SEGMENT_NAME_SIZE];
    int64_t first = m->second ? m->second : m->size + TAIL;
    segment_name(name, 0);
    write_file(name, m->bytes, (size_t)first);
    if (!m->second)
        return;
    segment_name(name, m->second);
    write_file(name, m->bytes + m->second, (size_t)(m->size + TAIL - m->second));
}

static void remove_segments(const struct image *m)
{
    char file[LOG_PATH_MAX + 64], name[SEGMENT_NAME_SIZE];
    segment_name(name, m->second);
    snprintf(file, sizeof(file), "%s/%s", path, name);
    unlink(file);
}

static void expect_written(const struct image *m, struct str payload, int64_t end,
                           bool seen[RECORDS_MAX])
{
    size_t i = 0;
    while (i < m->count && m->records[i].to != end)
        i++;
    expect(i < m->count && !seen[i]);
    int64_t begin = m->records[i].from + FRAME_SIZE;
    expect(begin + (int64_t)payload.n <= end && begin + (int64_t)payload.n > end - 8);
    expect(memcmp(m->sound + begin, payload.p, payload.n) == 0);
    seen[i] = true;
}

static void read_all(const struct image *m)
{
    bool seen[RECORDS_MAX] = {false};
    struct str bytes;
    int64_t next = 0, before = -1;
    struct eventlog_reader *r = eventlog_open(dir, log_id, 0);
    for (enum read_result result; (result = eventlog_read(r, &bytes, &next)) != READ_END;) {
        expect(next > before && next <= m->size + TAIL);
        before = next;
        if (result == READ_RECORD)
            expect_written(m, bytes, next, seen);
    }
    eventlog_reader_free(r);
    for (size_t i = 0; i < m->count; i++)
        expect(seen[i] || m->records[i].touched);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct log_record record;
    struct arena *a = arena_new((size_t)64 << 20);
    log_record_decode(a, (struct str){(const char *)data, size}, &record);
    arena_free(a);
    struct image *m = calloc(1, sizeof(*m));
    expect(m != NULL);
    put_records(m, data, size / 2);
    damage(m, data + size / 2, size - size / 2);
    write_segments(m);
    read_all(m);
    remove_segments(m);
    free(m);
    return 0;
}
