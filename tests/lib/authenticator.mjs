// A device that makes passkeys and signs in by them, as a browser passes it on: ES256, no attestation.
import crypto from 'node:crypto';

const text = (bytes) => Buffer.from(bytes).toString('base64url');
const sha256 = (bytes) => crypto.createHash('sha256').update(bytes).digest();

// CBOR of what is needed here: small numbers, bytes, text and maps.
const head = (major, n) =>
  n < 24
    ? Buffer.from([(major << 5) | n])
    : n < 256
      ? Buffer.from([(major << 5) | 24, n])
      : Buffer.from([(major << 5) | 25, n >> 8, n & 255]);
const number = (n) => (n < 0 ? head(1, -1 - n) : head(0, n));
const bytes = (value) => Buffer.concat([head(2, value.length), value]);
const words = (value) => Buffer.concat([head(3, value.length), Buffer.from(value)]);
const map = (...parts) => Buffer.concat([head(5, parts.length / 2), ...parts]);

export class Authenticator {
  constructor(origin) {
    this.origin = origin;
    this.party = new URL(origin).hostname;
    this.id = crypto.randomBytes(32);
    this.count = 0;
    this.flags = 0x05; // present and verified
    const { publicKey, privateKey } = crypto.generateKeyPairSync('ec', { namedCurve: 'P-256' });
    this.key = privateKey;
    const { x, y } = publicKey.export({ format: 'jwk' });
    const point = [number(-2), bytes(Buffer.from(x, 'base64url')), number(-3), bytes(Buffer.from(y, 'base64url'))];
    this.cose = map(number(1), number(2), number(3), number(-7), number(-1), number(1), ...point);
  }
  data(withCredential) {
    const count = Buffer.alloc(4);
    count.writeUInt32BE(++this.count);
    const flags = Buffer.from([this.flags | (withCredential ? 0x40 : 0)]);
    const length = Buffer.from([this.id.length >> 8, this.id.length & 255]);
    const credential = withCredential ? [Buffer.alloc(16), length, this.id, this.cose] : [];
    return Buffer.concat([sha256(this.party), flags, count, ...credential]);
  }
  clientData(type, challenge) {
    return Buffer.from(JSON.stringify({ type, challenge, origin: this.origin, crossOrigin: false }));
  }
  /** Answers an offer of /api/me/passkeys/offers. */
  make(offer, name = 'A device') {
    this.handle = offer.user_handle;
    const attestation = map(
      words('fmt'),
      words('none'),
      words('attStmt'),
      map(),
      words('authData'),
      bytes(this.data(true)),
    );
    return {
      name,
      client_data: text(this.clientData('webauthn.create', offer.challenge)),
      attestation_object: text(attestation),
    };
  }
  /** Answers a challenge of /api/auth/passkeys/challenges. */
  sign({ challenge }) {
    const client = this.clientData('webauthn.get', challenge);
    const data = this.data(false);
    const signature = crypto.sign('sha256', Buffer.concat([data, sha256(client)]), this.key);
    return {
      credential_id: text(this.id),
      client_data: text(client),
      authenticator_data: text(data),
      signature: text(signature),
      user_handle: this.handle,
    };
  }
}

/** Where the server thinks that its pages are, when nothing else is set. */
export const originOf = (world) => `http://localhost:${world.port}`;
