// What a refusal must look like (RFC 9457), in one place.
import assert from 'node:assert/strict';

export function isProblem(reply, status, code) {
  assert.equal(reply.status, status, `${reply.status} ${reply.text}`);
  assert.match(reply.headers['content-type'] ?? '', /^application\/problem\+json/);
  assert.equal(reply.body.status, status);
  assert.equal(typeof reply.body.title, 'string');
  assert.match(reply.body.code, /^[a-z_]+(\.[a-z_]+)*$/);
  assert.equal(reply.body.type, `/problems/${reply.body.code}`);
  // What is refused before it is a request (too large) has no id yet.
  if (status !== 413) assert.ok(reply.body.request_id, 'request_id');
  if (code) assert.equal(reply.body.code, code);
  assert.doesNotMatch(
    reply.text,
    /sqlite|postgres|SELECT |INSERT |\.cpp|exception|constraint/i,
    'nothing internal leaks',
  );
}

// A 4xx whose errors name this pointer.
export function pointsAt(reply, pointer, statuses = [400, 422]) {
  assert.ok(statuses.includes(reply.status), `${reply.status} ${reply.text}`);
  isProblem(reply, reply.status);
  const pointers = (reply.body.errors ?? []).map((error) => error.pointer);
  assert.ok(pointers.includes(pointer), `${pointer} is not among ${JSON.stringify(pointers)}: ${reply.text}`);
}

export function isOk(reply, status) {
  assert.equal(reply.status, status, `${reply.status} ${reply.text}`);
  return reply.body;
}
