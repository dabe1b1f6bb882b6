// What OpenTelemetry's exporters send, read without the server's help: spans as JSON, logs as protobuf.

/** [number, value] of each field of a message: BigInt for numbers, bytes for everything else. */
function* fieldsOf(bytes) {
  let at = 0;
  const varint = () => {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = bytes[at++];
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
  };
  const take = (length) => bytes.subarray(at, (at += length));
  const readers = { 0: varint, 1: () => take(8).readBigUInt64LE(), 2: () => take(Number(varint())), 5: () => BigInt(take(4).readUInt32LE()) };
  while (at < bytes.length) {
    const tag = Number(varint());
    yield [tag >> 3, readers[tag & 7]()];
  }
}

const all = (bytes, number) => [...fieldsOf(bytes)].filter(([field]) => field === number).map(([, value]) => value);
const one = (bytes, number) => all(bytes, number).at(-1);

/** Numbers of opentelemetry/proto/logs/v1/logs.proto. */
const readLog = (record) => ({
  nanoseconds: one(record, 1) || one(record, 11),
  severityNumber: Number(one(record, 2) ?? 0),
  body: one(one(record, 5) ?? Buffer.alloc(0), 1)?.toString('utf8'),
  traceId: one(record, 9)?.toString('hex'),
  spanId: one(record, 10)?.toString('hex'),
});

export const logsOf = (bytes) => all(bytes, 1).flatMap((resource) => all(resource, 2).flatMap((scope) => all(scope, 2).map(readLog)));

const readSpan = (span) => ({ ...span, start: BigInt(span.startTimeUnixNano), end: BigInt(span.endTimeUnixNano), failed: span.status?.code === 2 });

export const spansOf = (bytes) =>
  JSON.parse(bytes.toString('utf8')).resourceSpans.flatMap((resource) => resource.scopeSpans.flatMap((scope) => scope.spans.map(readSpan)));
