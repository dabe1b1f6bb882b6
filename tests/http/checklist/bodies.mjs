// Bodies that crash reporters send: forms of several parts, and MessagePack.
const BOUNDARY = 'checklist-boundary';

/** {headers, body} of a form.  A part is {name, value} or {name, filename, bytes, type}. */
export function form(parts) {
  const pieces = parts.flatMap(({ name, value, filename, bytes, type }) => {
    const file = filename === undefined ? '' : `; filename="${filename}"`;
    const kind = type ? `content-type: ${type}\r\n` : '';
    return [`--${BOUNDARY}\r\ncontent-disposition: form-data; name="${name}"${file}\r\n${kind}\r\n`, bytes ?? value, '\r\n'];
  });
  const body = Buffer.concat([...pieces, `--${BOUNDARY}--\r\n`].map((piece) => Buffer.from(piece)));
  return { headers: { 'content-type': `multipart/form-data; boundary=${BOUNDARY}` }, body };
}

const head = (byte, size) => {
  const bytes = Buffer.alloc(5);
  bytes[0] = byte;
  bytes.writeUInt32BE(size, 1);
  return bytes;
};

/** MessagePack of text, numbers, bytes, lists and objects, in its widest forms. */
export function packed(value) {
  if (Buffer.isBuffer(value)) return Buffer.concat([head(0xc6, value.length), value]);
  if (typeof value === 'string') return Buffer.concat([head(0xdb, Buffer.byteLength(value)), Buffer.from(value)]);
  if (Number.isInteger(value) && value >= 0) return head(0xce, value);
  if (typeof value === 'number') {
    const bytes = Buffer.alloc(9, 0xcb);
    bytes.writeDoubleBE(value, 1);
    return bytes;
  }
  if (Array.isArray(value)) return Buffer.concat([head(0xdd, value.length), ...value.map(packed)]);
  const members = Object.entries(value);
  return Buffer.concat([head(0xdf, members.length), ...members.flat().map(packed)]);
}
