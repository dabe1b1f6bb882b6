// Enough YAML to read snapshots that a serializer wrote: nested mappings and sequences, plain and double-quoted scalars
// on one line, ~, {} and [].  Numbers and plain texts both become texts.

const isItem = (content) => content === '-' || content.startsWith('- ');

/** {key, rest} of a line of a mapping. */
function entryOf(content) {
  const match = /^("(?:[^"\\]|\\.)*"|[^"].*?):(?:\s+(.*))?$/.exec(content);
  return match && { key: match[1].startsWith('"') ? JSON.parse(match[1]) : match[1], rest: match[2] };
}

function scalar(text) {
  if (text === '~') return null;
  if (text === '{}') return {};
  if (text === '[]') return [];
  return text.startsWith('"') ? JSON.parse(text) : text;
}

class Reader {
  #lines;
  #at = 0;

  constructor(text) {
    const lines = text.split('\n').filter((line) => line.trim());
    this.#lines = lines.map((line) => ({ indent: line.length - line.trimStart().length, content: line.trimStart() }));
  }

  block() {
    const { indent, content } = this.#lines[this.#at];
    if (isItem(content)) return this.#sequence(indent);
    if (entryOf(content)) return this.#mapping(indent);
    this.#at++;
    return scalar(content);
  }

  #isAt(indent) {
    return this.#at < this.#lines.length && this.#lines[this.#at].indent === indent;
  }

  /** What stands below a line that says nothing more. */
  #below(indent) {
    const next = this.#lines[this.#at];
    return next && (next.indent > indent || (next.indent === indent && isItem(next.content))) ? this.block() : null;
  }

  #sequence(indent) {
    const list = [];
    while (this.#isAt(indent) && isItem(this.#lines[this.#at].content)) {
      const { content } = this.#lines[this.#at];
      const rest = content.slice(1).trimStart();
      if (rest) this.#lines[this.#at] = { indent: indent + content.length - rest.length, content: rest };
      else this.#at++;
      list.push(rest ? this.block() : this.#below(indent));
    }
    return list;
  }

  #mapping(indent) {
    const members = [];
    while (this.#isAt(indent)) {
      const { key, rest } = entryOf(this.#lines[this.#at++].content);
      members.push([key, rest ? scalar(rest) : this.#below(indent)]);
    }
    return Object.fromEntries(members);
  }
}

export const readYaml = (text) => new Reader(text).block();
