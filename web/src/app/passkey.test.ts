import { describe, expect, it } from 'vitest';
import { bytesOf, isTurnedAway, textOf } from './passkey';

describe('bytes as text', () => {
  it('go there and back, as the server writes them', () => {
    expect(textOf(new Uint8Array([251, 255, 191]).buffer)).toBe('-_-_');
    expect(textOf(new Uint8Array([1]).buffer)).toBe('AQ');
    for (const text of ['', 'AQ', '-_-_', 'AAECAwQ']) expect(textOf(bytesOf(text).buffer)).toBe(text);
  });
  it('tells who turned the question away from what went wrong', () => {
    expect(isTurnedAway(new DOMException('', 'NotAllowedError'))).toBe(true);
    expect(isTurnedAway(new DOMException('', 'SecurityError'))).toBe(false);
    expect(isTurnedAway(new Error('x'))).toBe(false);
  });
});
