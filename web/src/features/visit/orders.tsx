// Tests for the laboratory, and to whom the patient is sent.
import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useRef, useState } from 'react';
import { get, Intent } from '../../api/client';
import type { Treatment } from '../../api/types';
import { useTranslation } from '../../app/i18n';
import { Button } from '../../ui/button';
import { Select, TextInput } from '../../ui/fields';
import { ErrorState } from '../../ui/states';
import classes from './visit.module.css';

interface OrdersProps {
  treatment: Treatment;
  canWrite: boolean;
  onBefore: () => Promise<void>;
  onMade: () => void;
}

/** Sends one thing at a time, after what is written has been saved. */
function useOrder(onBefore: () => Promise<void>, onMade: () => void) {
  const intent = useRef(new Intent());
  const [pending, setPending] = useState(false);
  const [error, setError] = useState<unknown>();
  const send = async (path: string, body: object) => {
    setPending(true);
    setError(undefined);
    let isMade = false;
    try {
      await onBefore();
      await intent.current.post(path, body);
      isMade = true;
      onMade();
    } catch (problem) {
      setError(problem);
    }
    setPending(false);
    return isMade;
  };
  return { send, pending, error };
}

export function Orders({ treatment, canWrite, onBefore, onMade }: OrdersProps) {
  const { t } = useTranslation();
  return (
    <section className="card stack" aria-labelledby="orders">
      <h2 id="orders">{t('treatment.orders')}</h2>
      <ul className={classes.plain}>
        {treatment.test_orders.map((one) => (
          <Ordered key={one.id} of="test-orders" one={one} name={one.name} canWrite={canWrite} onMade={onMade}>
            {t('treatment.test')}: {one.name}
          </Ordered>
        ))}
        {treatment.referrals.map((one) => {
          const to = one.to_doctor_name ?? one.to_speciality_name ?? '';
          return (
            <Ordered key={one.id} of="referrals" one={one} name={to} canWrite={canWrite} onMade={onMade}>
              {t('treatment.referred', { to })} <span className="muted">{one.reason}</span>
            </Ordered>
          );
        })}
        {treatment.test_orders.length + treatment.referrals.length === 0 && !canWrite && (
          <li className="muted">{t('treatment.no_orders')}</li>
        )}
      </ul>
      {canWrite && <Tests id={treatment.appointment_id} onBefore={onBefore} onMade={onMade} />}
      {canWrite && <Refer id={treatment.appointment_id} onBefore={onBefore} onMade={onMade} />}
    </section>
  );
}

interface OrderedProps {
  of: 'test-orders' | 'referrals';
  one: { id: number; is_withdrawn: boolean };
  name: string;
  canWrite: boolean;
  onMade: () => void;
  children: ReactNode;
}

const nothingBefore = async () => {};

/** What was ordered, and its withdrawal: a new version with its reason. */
function Ordered({ of, one, name, canWrite, onMade, children }: OrderedProps) {
  const { t } = useTranslation();
  const [isAsking, setAsking] = useState(false);
  const [reason, setReason] = useState('');
  const order = useOrder(nothingBefore, onMade);
  if (one.is_withdrawn)
    return (
      <li className={classes.withdrawn}>
        <s>{children}</s> <span className="muted">{t('treatment.withdrawn')}</span>
      </li>
    );
  return (
    <li className={classes.ordered}>
      <span>{children}</span>
      {canWrite && !isAsking && (
        <Button compact variant="subtle" onClick={() => setAsking(true)}>
          {t('treatment.withdraw')}
          <span className="hidden">: {name}</span>
        </Button>
      )}
      {isAsking && (
        <form
          className={classes.adding}
          onSubmit={async (event) => {
            event.preventDefault();
            const body = { correction_reason: reason.trim(), is_withdrawn: true };
            if (await order.send(`/api/doctor/${of}/${one.id}/corrections`, body)) setAsking(false);
          }}
        >
          <TextInput
            label={t('treatment.withdraw_why')}
            required
            minLength={3}
            maxLength={500}
            autoComplete="off"
            value={reason}
            onChange={(e) => setReason(e.currentTarget.value)}
          />
          <Button type="submit" compact variant="default" loading={order.pending}>
            {t('treatment.withdraw')}
          </Button>
          {order.error !== undefined && <ErrorState error={order.error} />}
        </form>
      )}
    </li>
  );
}

interface OrderProps {
  id: number;
  onBefore: () => Promise<void>;
  onMade: () => void;
}

function Tests({ id, onBefore, onMade }: OrderProps) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState('');
  const order = useOrder(onBefore, onMade);
  return (
    <form
      className={classes.adding}
      onSubmit={async (event) => {
        event.preventDefault();
        const tests = typed
          .split(/[,;]/)
          .map((name) => ({ name: name.trim() }))
          .filter(({ name }) => name);
        if (tests.length === 0) return;
        if (await order.send('/api/doctor/test-orders', { appointment_id: id, tests })) setTyped('');
      }}
    >
      <TextInput
        label={t('treatment.tests')}
        placeholder={t('treatment.tests_hint')}
        maxLength={300}
        autoComplete="off"
        value={typed}
        onChange={(e) => setTyped(e.currentTarget.value)}
      />
      <Button type="submit" compact variant="default" loading={order.pending}>
        {t('treatment.order')}
      </Button>
      {order.error !== undefined && <ErrorState error={order.error} />}
    </form>
  );
}

interface Speciality {
  id: number;
  name: string;
}

function Refer({ id, onBefore, onMade }: OrderProps) {
  const { t } = useTranslation();
  const [isShown, setShown] = useState(false);
  const [to, setTo] = useState('');
  const [reason, setReason] = useState('');
  const order = useOrder(onBefore, onMade);
  const specialities = useQuery({
    queryKey: ['directory', 'specialities', undefined],
    queryFn: ({ signal }) => get<{ items: Speciality[] }>('/api/specialities', undefined, signal),
    enabled: isShown,
    staleTime: 300_000,
  });
  const known = specialities.data?.items ?? [];
  if (!isShown)
    return (
      <Button compact variant="subtle" onClick={() => setShown(true)}>
        + {t('treatment.refer')}
      </Button>
    );
  return (
    <form
      className="stack"
      onSubmit={async (event) => {
        event.preventDefault();
        const body = { appointment_id: id, to_speciality_id: Number(to), reason: reason.trim() };
        if (!(await order.send('/api/doctor/referrals', body))) return;
        setShown(false);
        setReason('');
      }}
    >
      <Select label={t('treatment.refer_to')} required value={to} onChange={(e) => setTo(e.currentTarget.value)}>
        <option value="">{t('treatment.choose')}</option>
        {known.map((one) => (
          <option key={one.id} value={one.id}>
            {one.name}
          </option>
        ))}
      </Select>
      <TextInput
        label={t('treatment.refer_why')}
        required
        minLength={3}
        maxLength={2000}
        value={reason}
        onChange={(e) => setReason(e.currentTarget.value)}
      />
      <div className="row">
        <Button type="submit" compact loading={order.pending}>
          {t('treatment.refer')}
        </Button>
        <Button compact variant="subtle" onClick={() => setShown(false)}>
          {t('treatment.cancel')}
        </Button>
      </div>
      {order.error !== undefined && <ErrorState error={order.error} />}
    </form>
  );
}
