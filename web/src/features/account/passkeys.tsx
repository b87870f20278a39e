// Passkeys: made on this device, named, taken away.
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { get, request } from '../../api/client';
import type { Page, Passkey } from '../../api/types';
import { useLocale, useTranslation } from '../../app/i18n';
import { isTurnedAway, passkeyMake, passkeysWork } from '../../app/passkey';
import { Button } from '../../ui/button';
import { Dialog } from '../../ui/dialog';
import { TextInput } from '../../ui/fields';
import { Form } from '../../ui/form';
import { Notice } from '../../ui/notice';
import { ErrorState, Loading } from '../../ui/states';
import classes from './account.module.css';
import { agentName } from './agent_name';
import { useAction } from './use_action';

const path = '/api/me/passkeys';
const key = ['me', 'passkeys'];

export function Passkeys() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const query = useQuery({
    queryKey: key,
    queryFn: ({ signal }) => get<Page<Passkey>>(path, undefined, signal),
    staleTime: 0,
  });
  const action = useAction();
  const [isTurned, setTurned] = useState(false);
  const [removing, setRemoving] = useState<Passkey>();
  const read = () => client.invalidateQueries({ queryKey: ['me'] });
  const add = () => {
    setTurned(false);
    return action.act(async () => {
      try {
        await passkeyMake(agentName(navigator.userAgent) ?? t('account.browser'));
      } catch (problem) {
        if (!isTurnedAway(problem)) throw problem;
        setTurned(true);
      }
      await read();
    });
  };
  const remove = (one: Passkey) =>
    action.act(async () => {
      setRemoving(undefined);
      await request('DELETE', `${path}/${one.id}`);
      await read();
    });
  const rename = (one: Passkey, name: string) =>
    action.act(async () => {
      await request('PUT', `${path}/${one.id}`, { body: { name } });
      await read();
    });
  return (
    <section className="card stack" aria-labelledby="account-passkeys">
      <h2 id="account-passkeys">{t('passkey.title')}</h2>
      <p>{t('passkey.why')}</p>
      {query.isPending && <Loading lines={2} />}
      {query.isError && <ErrorState error={query.error} onRetry={() => query.refetch()} />}
      <ul className={classes.list}>
        {query.data?.items.map((one) => (
          <PasskeyItem
            key={one.id}
            passkey={one}
            onRename={(name) => rename(one, name)}
            onRemove={() => setRemoving(one)}
          />
        ))}
      </ul>
      {passkeysWork() ? (
        <div>
          <Button variant="default" loading={action.pending} onClick={add}>
            {t('passkey.add')}
          </Button>
        </div>
      ) : (
        <p className="muted">{t('passkey.not_here')}</p>
      )}
      {isTurned && <Notice kind="info" role="status" title={t('passkey.turned_away')} />}
      {action.error !== undefined && <ErrorState error={action.error} />}
      <Dialog
        open={removing !== undefined}
        title={t('passkey.remove_title', { name: removing?.name ?? '' })}
        onClose={() => setRemoving(undefined)}
      >
        <p>{t('passkey.remove_text')}</p>
        <div className="row">
          <Button color="danger" onClick={() => removing && remove(removing)}>
            {t('passkey.remove')}
          </Button>
          <Button variant="default" onClick={() => setRemoving(undefined)}>
            {t('account.keep')}
          </Button>
        </div>
      </Dialog>
    </section>
  );
}

interface PasskeyItemProps {
  passkey: Passkey;
  onRename: (name: string) => Promise<boolean>;
  onRemove: () => void;
}
function PasskeyItem({ passkey, onRename, onRemove }: PasskeyItemProps) {
  const { t } = useTranslation();
  const locale = useLocale();
  const [name, setName] = useState<string>();
  const day = (at: string) => new Date(at).toLocaleDateString(locale, { dateStyle: 'medium' });
  const save = async () => {
    if (!name?.trim() || name.trim() === passkey.name || (await onRename(name.trim()))) setName(undefined);
  };
  return (
    <li className={classes.item}>
      {name === undefined ? (
        <div>
          <strong>{passkey.name}</strong>
          <div className="muted">
            {t('passkey.made', { on: day(passkey.created_at) })}
            {passkey.used_at && ` · ${t('passkey.used', { on: day(passkey.used_at) })}`}
            {passkey.is_synced && ` · ${t('passkey.synced')}`}
          </div>
        </div>
      ) : (
        <Form label={t('passkey.rename_of', { name: passkey.name })} fields={{}} className="row" onSubmit={save}>
          <TextInput
            label={t('passkey.name')}
            name="passkey_name"
            maxLength={100}
            autoFocus
            value={name}
            onChange={(e) => setName(e.currentTarget.value)}
          />
          <Button type="submit" variant="default">
            {t('passkey.save')}
          </Button>
        </Form>
      )}
      <div className="row">
        {name === undefined && (
          <Button
            variant="subtle"
            onClick={() => setName(passkey.name)}
            aria-label={t('passkey.rename_of', { name: passkey.name })}
          >
            {t('passkey.rename')}
          </Button>
        )}
        <Button
          variant="subtle"
          color="danger"
          onClick={onRemove}
          aria-label={t('passkey.remove_of', { name: passkey.name })}
        >
          {t('passkey.remove')}
        </Button>
      </div>
    </li>
  );
}
