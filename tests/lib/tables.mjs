// Reads files of rows without what made them: CSV as RFC 4180 says, and spreadsheets (ECMA-376) by unpacking them.
import assert from 'node:assert/strict';
import zlib from 'node:zlib';

export function csvRows(text) {
  const rows = [];
  let cells = [];
  let at = 0;
  const cell = () => {
    if (text[at] !== '"') {
      const end = text.slice(at).search(/,|\r\n/) + at;
      const plain = text.slice(at, end);
      assert.ok(!/["\r\n]/.test(plain), `quotes are missing: ${plain}`);
      at = end;
      return plain;
    }
    let said = '';
    for (at += 1; ; at += 1) {
      assert.ok(at < text.length, 'a quote has no end');
      if (text[at] === '"' && text[at + 1] !== '"') break;
      if (text[at] === '"') at += 1;
      said += text[at];
    }
    at += 1;
    return said;
  };
  while (at < text.length) {
    cells.push(cell());
    if (text[at] === ',') {
      at += 1;
      continue;
    }
    assert.equal(text.slice(at, at + 2), '\r\n', 'a row ends with CR LF');
    at += 2;
    rows.push(cells);
    cells = [];
  }
  return rows;
}

// The files of a ZIP archive, by its central directory.
export function unzip(bytes) {
  const end = bytes.lastIndexOf(Buffer.from('PK\x05\x06', 'latin1'));
  assert.ok(end >= 0, 'no ZIP archive');
  const files = new Map();
  for (let at = bytes.readUInt32LE(end + 16), left = bytes.readUInt16LE(end + 10); left > 0; left -= 1) {
    const [names, extra, comment] = [28, 30, 32].map((offset) => bytes.readUInt16LE(at + offset));
    const name = bytes.toString('utf8', at + 46, at + 46 + names);
    const local = bytes.readUInt32LE(at + 42);
    const from = local + 30 + bytes.readUInt16LE(local + 26) + bytes.readUInt16LE(local + 28);
    const packed = bytes.subarray(from, from + bytes.readUInt32LE(at + 20));
    const content = bytes.readUInt16LE(at + 10) === 0 ? packed : zlib.inflateRawSync(packed);
    assert.equal(content.length, bytes.readUInt32LE(at + 24), name);
    files.set(name, content.toString('utf8'));
    at += 46 + names + extra + comment;
  }
  return files;
}

const entities = { lt: '<', gt: '>', quot: '"', apos: "'", amp: '&' };
const plain = (xml) =>
  [...xml.matchAll(/<t[^>]*>([^<]*)<\/t>/g)]
    .map(([, text]) => text.replace(/&(\w+);/g, (_, name) => entities[name]))
    .join('');

// The cells of the first sheet as text; cells that are not there are ''.
export function spreadsheetRows(bytes) {
  const files = unzip(bytes);
  assert.ok(files.has('[Content_Types].xml') && files.has('xl/workbook.xml'), [...files.keys()].join());
  const shared = [...(files.get('xl/sharedStrings.xml') ?? '').matchAll(/<si>(.*?)<\/si>/gs)].map(([, si]) =>
    plain(si),
  );
  const rows = [...files.get('xl/worksheets/sheet1.xml').matchAll(/<row [^>]*>(.*?)<\/row>/gs)].map(([, row]) => {
    const cells = [];
    for (const [, column, attributes, content] of row.matchAll(/<c r="([A-Z]+)\d+"([^>]*)>(.*?)<\/c>/gs)) {
      const at = [...column].reduce((number, letter) => number * 26 + letter.charCodeAt(0) - 64, 0) - 1;
      assert.ok(!content.includes('<f>'), `a formula: ${content}`);
      cells[at] = attributes.includes('t="s"') ? shared[Number(/<v>(\d+)<\/v>/.exec(content)[1])] : plain(content);
    }
    return cells;
  });
  const width = Math.max(...rows.map((cells) => cells.length));
  return rows.map((cells) => Array.from({ length: width }, (_, i) => cells[i] ?? ''));
}
