// Passkeys between the browser and the server: bytes here, base64url there. The server names everything that matters.
import { request } from '../api/client';
import type { Passkey, PasskeyChallenge, PasskeyOffer, Session } from '../api/types';

export const passkeysWork = () => 'PublicKeyCredential' in window && window.isSecureContext;

/** Can the browser offer passkeys among the names that it fills in? */
export async function passkeysFillIn() {
  if (!passkeysWork()) return false;
  return (await PublicKeyCredential.isConditionalMediationAvailable?.().catch(() => false)) ?? false;
}

/** Who turned the browser's question away, let it pass, or has a passkey on the device already, did nothing wrong. */
export const isTurnedAway = (problem: unknown) =>
  problem instanceof DOMException && ['NotAllowedError', 'AbortError', 'InvalidStateError'].includes(problem.name);

export function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  const plain = atob(text.replace(/-/g, '+').replace(/_/g, '/'));
  return Uint8Array.from(plain, (c) => c.charCodeAt(0));
}
export function textOf(bytes: ArrayBuffer): string {
  const plain = Array.from(new Uint8Array(bytes), (b) => String.fromCharCode(b)).join('');
  return btoa(plain).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '');
}

/** Has the device make a passkey, and the server keep it. */
export async function passkeyMake(name: string): Promise<Passkey> {
  const { data: offer } = await request<PasskeyOffer>('POST', '/api/me/passkeys/offers', { body: {} });
  const made = (await navigator.credentials.create({
    publicKey: {
      challenge: bytesOf(offer.challenge),
      rp: { id: offer.party_id, name: offer.party_name },
      user: { id: bytesOf(offer.user_handle), name: offer.user_name, displayName: offer.display_name },
      pubKeyCredParams: offer.algorithms.map((alg) => ({ type: 'public-key', alg })),
      excludeCredentials: offer.known.map((id) => ({ type: 'public-key', id: bytesOf(id) })),
      authenticatorSelection: { residentKey: 'required', requireResidentKey: true, userVerification: 'required' },
      attestation: 'none',
    },
  })) as PublicKeyCredential;
  const answer = made.response as AuthenticatorAttestationResponse;
  const body = {
    name,
    client_data: textOf(answer.clientDataJSON),
    attestation_object: textOf(answer.attestationObject),
  };
  return (await request<Passkey>('POST', '/api/me/passkeys', { body })).data;
}

/** Asks for a passkey, at once or among the names that the browser fills in, and signs in by it. */
export async function passkeySignIn(mediation?: 'conditional', signal?: AbortSignal): Promise<Session> {
  const { data: asked } = await request<PasskeyChallenge>('POST', '/api/auth/passkeys/challenges', { body: {} });
  const found = (await navigator.credentials.get({
    mediation,
    signal,
    publicKey: { challenge: bytesOf(asked.challenge), rpId: asked.party_id, userVerification: 'required' },
  })) as PublicKeyCredential;
  const answer = found.response as AuthenticatorAssertionResponse;
  const body = {
    credential_id: textOf(found.rawId),
    client_data: textOf(answer.clientDataJSON),
    authenticator_data: textOf(answer.authenticatorData),
    signature: textOf(answer.signature),
    user_handle: answer.userHandle ? textOf(answer.userHandle) : '',
  };
  return (await request<Session>('POST', '/api/session/passkey', { body })).data;
}
