// The accessibility statement: the standard, what was tested and how, what does not work yet, and whom to ask.
import { useQuery } from '@tanstack/react-query';
import { get } from '../../api/client';
import { useLocale, useTranslation } from '../../app/i18n';
import { dateText } from '../../app/time';
import { PageTitle } from '../../ui/page';
import classes from './accessibility.module.css';

/** What the installation says of itself, from its settings; no resource of the API. */
interface SiteFacts {
  contact_name?: string;
  contact_email?: string;
  contact_phone?: string;
}

/** The day on which the statement was last held against the pages. */
const reviewedOn = '2026-11-21';
const tested = ['axe', 'keyboard', 'reflow', 'time', 'colour', 'settings', 'words'] as const;
const limits = ['people', 'languages', 'docs', 'qr', 'sound'] as const;

export function AccessibilityPage() {
  const { t } = useTranslation();
  const locale = useLocale();
  return (
    <article className={`stack ${classes.page}`}>
      <PageTitle>{t('accessibility.title')}</PageTitle>
      <p>{t('accessibility.lead')}</p>
      <section aria-labelledby="standard">
        <h2 id="standard">{t('accessibility.standard')}</h2>
        <p>{t('accessibility.standard_text')}</p>
      </section>
      <section aria-labelledby="tested">
        <h2 id="tested">{t('accessibility.tested')}</h2>
        <ul>
          {tested.map((what) => (
            <li key={what}>{t(`accessibility.tested_${what}`)}</li>
          ))}
        </ul>
      </section>
      <section aria-labelledby="limits">
        <h2 id="limits">{t('accessibility.limits')}</h2>
        <ul>
          {limits.map((what) => (
            <li key={what}>{t(`accessibility.limit_${what}`)}</li>
          ))}
        </ul>
      </section>
      <section aria-labelledby="contact">
        <h2 id="contact">{t('accessibility.contact')}</h2>
        <p>{t('accessibility.contact_text')}</p>
        <Contact />
      </section>
      <p className="muted">
        {t('accessibility.reviewed', {
          day: dateText(reviewedOn, locale, { day: 'numeric', month: 'long', year: 'numeric' }),
        })}
      </p>
    </article>
  );
}

function Contact() {
  const { t } = useTranslation();
  const { data, isFetched } = useQuery({
    queryKey: ['site'],
    queryFn: ({ signal }) => get<SiteFacts>('/site.json', undefined, signal),
    staleTime: 600_000,
  });
  const { contact_name: name, contact_email: email, contact_phone: phone } = data ?? {};
  if (!name && !email && !phone) return <p>{isFetched ? t('accessibility.contact_none') : ''}</p>;
  return (
    <dl className="facts">
      {name && (
        <>
          <dt>{t('accessibility.contact_name')}</dt>
          <dd>{name}</dd>
        </>
      )}
      {email && (
        <>
          <dt>{t('accessibility.contact_email')}</dt>
          <dd>
            <a href={`mailto:${email}`}>{email}</a>
          </dd>
        </>
      )}
      {phone && (
        <>
          <dt>{t('accessibility.contact_phone')}</dt>
          <dd>
            <a href={`tel:${phone.replace(/[^+\d]/g, '')}`}>{phone}</a>
          </dd>
        </>
      )}
    </dl>
  );
}
