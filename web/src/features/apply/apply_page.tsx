// A hospital asks to be listed: what it is, and who will manage it. The answer comes by e-mail.
import { useRef, useState } from 'react';
import { Intent } from '../../api/client';
import { useTranslation } from '../../app/i18n';
import { zoneHere } from '../../app/time';
import { Button } from '../../ui/button';
import { TextInput } from '../../ui/fields';
import { Form, useTexts } from '../../ui/form';
import { Notice } from '../../ui/notice';
import { PageTitle } from '../../ui/page';
import { ErrorState } from '../../ui/states';
import { ZoneInput } from '../../ui/zone_input';
import { useAction } from '../account/use_action';
import classes from './apply.module.css';

const needed = ['name', 'city_name', 'time_zone', 'contact_name', 'contact_email'] as const;
const empty = {
  name: '',
  city_name: '',
  postal_code: '',
  address: '',
  phone: '',
  time_zone: '',
  contact_name: '',
  contact_email: '',
};

export function ApplyPage() {
  const { t } = useTranslation();
  const [sentTo, setSentTo] = useState<string>();
  return (
    <div className={`stack ${classes.page}`}>
      <PageTitle>{t('application.apply')}</PageTitle>
      {sentTo === undefined ? (
        <>
          <p>{t('application.apply_text')}</p>
          <ApplyForm onSent={setSentTo} />
        </>
      ) : (
        <Notice kind="ok" role="status" title={t('application.sent')}>
          <p>{t('application.sent_text', { email: sentTo })}</p>
        </Notice>
      )}
    </div>
  );
}

function ApplyForm({ onSent }: { onSent: (email: string) => void }) {
  const { t } = useTranslation();
  const texts = useTexts({ ...empty, time_zone: zoneHere() });
  const action = useAction();
  const intent = useRef(new Intent());
  const send = async () => {
    const filled = Object.entries(texts.values)
      .map(([name, value]) => [name, value.trim()] as const)
      .filter(([, value]) => value !== '');
    const body = Object.fromEntries(filled);
    const missing = needed.filter((name) => !body[name]);
    if (missing.length > 0)
      return action.setFields(Object.fromEntries(missing.map((name) => [name, t('application.missing')])));
    const language = document.documentElement.lang.slice(0, 2) || 'en';
    const isSent = await action.act(async () => {
      await intent.current.post('/api/hospitals/applications', { ...body, language });
    });
    if (isSent) onSent(body.contact_email ?? '');
  };
  const { fields } = action;
  return (
    <Form label={t('application.apply')} fields={fields} className="card stack" onSubmit={send}>
      <fieldset className={classes.fields}>
        <legend>{t('application.the_hospital')}</legend>
        <TextInput
          {...texts.field('name')}
          label={t('admin.field_name')}
          maxLength={200}
          error={fields.name}
          className={classes.wide}
        />
        <TextInput
          {...texts.field('city_name')}
          label={t('admin.field_city_name')}
          maxLength={100}
          error={fields.city_name}
        />
        <TextInput
          {...texts.field('postal_code')}
          label={t('admin.field_postal_code')}
          maxLength={12}
          error={fields.postal_code}
        />
        <TextInput
          {...texts.field('address')}
          label={t('admin.field_address')}
          maxLength={300}
          error={fields.address}
          className={classes.wide}
        />
        <TextInput
          {...texts.field('phone')}
          type="tel"
          label={t('admin.field_phone')}
          maxLength={40}
          error={fields.phone}
        />
        <ZoneInput {...texts.field('time_zone')} label={t('admin.field_time_zone')} error={fields.time_zone} />
      </fieldset>
      <fieldset className={classes.fields}>
        <legend>{t('application.the_person')}</legend>
        <TextInput
          {...texts.field('contact_name')}
          label={t('application.contact_name')}
          autoComplete="name"
          maxLength={200}
          error={fields.contact_name}
        />
        <TextInput
          {...texts.field('contact_email')}
          type="email"
          label={t('application.contact_email')}
          description={t('application.contact_email_hint')}
          autoComplete="email"
          maxLength={200}
          error={fields.contact_email}
        />
      </fieldset>
      {action.error !== undefined && <ErrorState error={action.error} />}
      <div>
        <Button type="submit" loading={action.pending}>
          {t('application.apply')}
        </Button>
      </div>
    </Form>
  );
}
