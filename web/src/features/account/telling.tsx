// How one wants to be told: of what, by which way, in which language, and when not.
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { get, request } from '../../api/client';
import type { Preferences, User } from '../../api/types';
import { languages, useTranslation } from '../../app/i18n';
import { Button } from '../../ui/button';
import { Checkbox, Select, TextInput } from '../../ui/fields';
import { Form } from '../../ui/form';
import { ErrorState, Loading } from '../../ui/states';
import classes from './account.module.css';
import { type Choice, channels, choose, hasQuiet, quietDefault, topicsFor } from './telling_rules';
import { useAction } from './use_action';

const key = ['me', 'preferences'];
const path = '/api/me/notification-preferences';

export function Telling({ user }: { user: User }) {
  const { t } = useTranslation();
  const query = useQuery({
    queryKey: key,
    queryFn: ({ signal }) => get<Preferences>(path, undefined, signal),
    staleTime: 0,
    refetchOnWindowFocus: false,
  });
  return (
    <section className="card stack" aria-labelledby="account-tell">
      <h2 id="account-tell">{t('tell.title')}</h2>
      {query.isPending && <Loading lines={4} />}
      {query.isError && <ErrorState error={query.error} onRetry={() => query.refetch()} />}
      {query.data && <Choices user={user} initial={query.data} />}
    </section>
  );
}

function Choices({ user, initial }: { user: User; initial: Preferences }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const action = useAction();
  const [language, setLanguage] = useState(initial.language);
  const [quiet, setQuiet] = useState(initial.quiet);
  const [topics, setTopics] = useState<Choice[]>(initial.topics);
  const [isSaved, setSaved] = useState(false);
  const shown = topicsFor(user.role, topics);
  const touch = (change: () => void) => {
    setSaved(false);
    change();
  };
  const save = async () => {
    setSaved(false);
    const done = await action.act(async () => {
      const { data } = await request<Preferences>('PUT', path, { body: { language, quiet, topics: shown } });
      client.setQueryData(key, data);
    });
    setSaved(done);
  };
  return (
    <Form label={t('tell.title')} fields={action.fields} onSubmit={() => !action.pending && save()}>
      <div className={classes.scroll}>
        <table className={classes.choices}>
          <thead>
            <tr>
              <th scope="col">{t('tell.of')}</th>
              {channels.map((channel) => (
                <th key={channel} scope="col">
                  {t(`tell.channel_${channel}`)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {shown.map((choice) => (
              <tr key={choice.topic}>
                <th scope="row">{t(`tell.topic_${choice.topic}`)}</th>
                {channels.map((channel) => (
                  <td key={channel}>
                    <label className={classes.tick}>
                      <span className="hidden">
                        {t(`tell.topic_${choice.topic}`)}: {t(`tell.channel_${channel}`)}
                      </span>
                      <input
                        type="checkbox"
                        checked={choice[channel]}
                        onChange={(e) => {
                          const isOn = e.currentTarget.checked;
                          touch(() => setTopics((old) => choose(old, choice.topic, channel, isOn)));
                        }}
                      />
                    </label>
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <p className="muted">{t('tell.always')}</p>
      <Select
        label={t('tell.language')}
        value={language}
        error={action.fields.language}
        onChange={(e) => {
          const { value } = e.currentTarget;
          touch(() => setLanguage(value));
        }}
      >
        {languages.map((l) => (
          <option key={l.code} value={l.code} lang={l.code}>
            {l.name}
          </option>
        ))}
      </Select>
      <Checkbox
        label={t('tell.quiet')}
        checked={hasQuiet(quiet)}
        onChange={(e) => {
          const isOn = e.currentTarget.checked;
          touch(() => setQuiet(isOn ? quietDefault : { from: '00:00', to: '00:00' }));
        }}
      />
      {hasQuiet(quiet) && (
        <div className={classes.hours}>
          {(['from', 'to'] as const).map((end) => (
            <TextInput
              key={end}
              type="time"
              required
              label={t(`tell.quiet_${end}`)}
              value={quiet[end]}
              error={action.fields[`quiet/${end}`]}
              onChange={(e) => {
                const { value } = e.currentTarget;
                touch(() => setQuiet((old) => ({ ...old, [end]: value })));
              }}
            />
          ))}
        </div>
      )}
      <p className="muted">{t('tell.quiet_text')}</p>
      {action.error !== undefined && <ErrorState error={action.error} />}
      <div className="save">
        <Button type="submit" variant="default" loading={action.pending}>
          {t('tell.save')}
        </Button>
        <span role="status" className={isSaved ? 'saved' : 'hidden'}>
          {isSaved ? t('tell.saved') : ''}
        </span>
      </div>
    </Form>
  );
}
