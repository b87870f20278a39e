// Signing in with a passkey: by the button, or by the name that the browser fills in where it can.
import { useEffect, useRef, useState } from 'react';
import { Problem } from '../../api/client';
import type { Session } from '../../api/types';
import { useTranslation } from '../../app/i18n';
import { isTurnedAway, passkeySignIn, passkeysFillIn, passkeysWork } from '../../app/passkey';
import { Button } from '../../ui/button';
import { Notice } from '../../ui/notice';
import { ErrorState } from '../../ui/states';

// A challenge is good for five minutes: the browser is asked anew before.
const askedAnewAfter = 4 * 60_000;

export function PasskeyButton({ onDone }: { onDone: (session: Session) => void }) {
  const { t } = useTranslation();
  const [pending, setPending] = useState(false);
  const [isTurned, setTurned] = useState(false);
  const [error, setError] = useState<unknown>();
  const offer = useRef<AbortController>(undefined);
  const done = useRef(onDone);
  done.current = onDone;
  const [round, setRound] = useState(0);

  // The browser offers passkeys in the name's field as long as nobody pressed the button.
  // biome-ignore lint/correctness/useExhaustiveDependencies: a round asks anew
  useEffect(() => {
    const abort = new AbortController();
    offer.current = abort;
    const timer = setTimeout(() => setRound((n) => n + 1), askedAnewAfter);
    passkeysFillIn()
      .then((can) => (can && !abort.signal.aborted ? passkeySignIn('conditional', abort.signal) : undefined))
      .then((session) => session && done.current(session))
      .catch((problem) => {
        // Nobody asked for anything yet: only what was chosen and refused is told.
        if (problem instanceof Problem && problem.body.status < 500) setError(problem);
      });
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [round]);

  if (!passkeysWork()) return null;
  const press = async () => {
    offer.current?.abort();
    setPending(true);
    setTurned(false);
    setError(undefined);
    try {
      done.current(await passkeySignIn());
      return;
    } catch (problem) {
      if (isTurnedAway(problem)) setTurned(true);
      else setError(problem);
    }
    setPending(false);
    setRound((n) => n + 1);
  };
  return (
    <>
      <Button variant="default" loading={pending} onClick={press}>
        {t('login.passkey')}
      </Button>
      {isTurned && <Notice kind="info" role="status" title={t('login.passkey_none')} />}
      {error !== undefined && <ErrorState error={error} />}
    </>
  );
}
