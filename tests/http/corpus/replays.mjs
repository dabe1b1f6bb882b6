// Replays, in segments (ingest.md §8.1).
import { environment, eventTime, moment, parsed, plain, platform, release } from './values.mjs';

/** The parts of a MessagePack map of texts to bytes, which mobile SDKs send. */
function videoParts(bytes) {
  let at = 1;
  const sizes = { 0xc4: 1, 0xc5: 2, 0xc6: 4, 0xd9: 1, 0xda: 2, 0xdb: 4 };
  const take = () => {
    const tag = bytes[at++];
    const isShort = tag >= 0xa0 && tag <= 0xbf;
    const length = isShort ? tag & 0x1f : bytes.readUIntBE(at, sizes[tag]);
    if (!isShort) at += sizes[tag];
    return bytes.subarray(at, (at += length));
  };
  return Object.fromEntries(Array.from({ length: bytes[0] & 0x0f }, () => [take().toString(), take()]));
}

const ids = (list) => (list ?? []).map(plain);

function expectSegment(books, seen, submission, event, { has_video }) {
  const { project } = submission;
  const key = `${project}/${plain(event.replay_id)}/${event.segment_id}`;
  const fate = seen.has(key) ? { outcome: 'duplicate' } : {};
  seen.add(key);
  if (fate.outcome) return fate;
  const finished = eventTime(submission, event.timestamp);
  const started = event.replay_start_timestamp === undefined ? null : (row) => finished(row) - moment(event.timestamp) + moment(event.replay_start_timestamp);
  const fields = {
    started,
    finished,
    type: event.replay_type ?? 'session',
    platform: platform(event.platform),
    environment: environment(event.environment),
    release: release(event.release),
    urls: event.urls ?? [],
    error_ids: ids(event.error_ids),
    trace_ids: ids(event.trace_ids),
    has_video,
  };
  books.row('view_replay_segment', project, { replay_id: plain(event.replay_id), segment_id: event.segment_id }, fields);
  books.change('view_replay', project, { replay_id: plain(event.replay_id) }, ({ segment_count = 0, url_count = 0 }) => ({
    segment_count: segment_count + 1,
    url_count: url_count + fields.urls.length,
    type: fields.type,
    environment: fields.environment,
  }));
  return fate;
}

/** Of an envelope with an event and its recording: neither is anything without the other. */
export function expectReplay(books, seen, submission) {
  const of = (type) => submission.items.filter((item) => item.type === type);
  const [event] = of('replay_event');
  const [video] = of('replay_video');
  const parts = video && videoParts(video.payload);
  const fate = parts
    ? expectSegment(books, seen, submission, parsed(parts.replay_event), { has_video: true })
    : of('replay_recording').length > 0 && event
      ? expectSegment(books, seen, submission, parsed(event.payload), { has_video: false })
      : { outcome: 'invalid', reason: event ? 'invalid_replay_missing_recording' : 'invalid_replay' };
  for (const { type } of submission.items) if (type.startsWith('replay_')) books.count(submission.project, 'replay', 1, fate);
}
