// Everything by name: pages, actions, doctors, and for staff patients. A combobox with a list below it.
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useNavigate, useRouter } from '@tanstack/react-router';
import { type KeyboardEvent, useEffect, useId, useRef, useState } from 'react';
import { get } from '../../api/client';
import type { DoctorPage, Page, Patient } from '../../api/types';
import { languageSet, languages, useTranslation } from '../../app/i18n';
import { schemeNext, schemeSet, useScheme } from '../../app/scheme';
import { isStaff, useSession, useSignOut } from '../../app/session';
import { useOnline } from '../../app/shell';
import options from '../../ui/options.module.css';
import { useSettled } from '../../ui/use_settled';
import { doctorName } from '../doctor/doctor_parts';
import { loginClean } from '../login/login_name';
import { commandsFor, fits } from './commands';
import classes from './palette.module.css';

interface Entry {
  key: string;
  group: 'pages' | 'actions' | 'doctors' | 'patients';
  name: string;
  hint?: string;
  run: () => unknown;
}

/** In the words of the language that is read now: the other's letters may be missing here. */
const languageName = (code: string, language: string) =>
  new Intl.DisplayNames([language], { type: 'language' }).of(code) ?? code;

const pauseMs = 180;
const foundMax = 6;

/** Doctors for everyone, patients for staff; from the second letter on. */
function useFound(typed: string, staff: boolean) {
  const asked = useSettled(typed, pauseMs);
  const online = useOnline();
  const enabled = asked.length > 1 && online;
  const byPhone = /^\+?[\d\s().-]{4,}$/.test(asked);
  const doctors = useQuery({
    queryKey: ['palette', 'doctors', asked],
    queryFn: ({ signal }) => get<DoctorPage>('/api/doctors', { keyword: asked, limit: foundMax }, signal),
    enabled: enabled && !byPhone,
    placeholderData: keepPreviousData,
  });
  const patients = useQuery({
    queryKey: ['palette', 'patients', asked],
    queryFn: ({ signal }) =>
      get<Page<Patient>>(
        '/api/patients',
        byPhone ? { phone: loginClean(asked), limit: foundMax } : { name: asked, limit: foundMax },
        signal,
      ),
    enabled: enabled && staff,
    retry: false,
  });
  return {
    doctors: enabled && !byPhone ? (doctors.data?.items ?? []) : [],
    patients: enabled && staff ? (patients.data?.items ?? []) : [],
  };
}

function useEntries(typed: string, onShortcuts: () => void) {
  const { t, language } = useTranslation();
  const navigate = useNavigate();
  const router = useRouter();
  const { user } = useSession();
  const signOut = useSignOut();
  const scheme = useScheme();
  const found = useFound(typed, isStaff(user));
  const next = schemeNext(scheme);
  const other = languages.find((l) => l.code !== language);
  const entries: Entry[] = [
    ...commandsFor(user).map(
      (c): Entry => ({
        key: c.to,
        group: 'pages',
        name: t(c.words),
        run: () => router.history.push(c.to),
      }),
    ),
    ...(user
      ? []
      : [{ key: 'login', group: 'pages', name: t('palette.sign_in'), run: () => navigate({ to: '/login' }) } as const]),
    {
      key: 'scheme',
      group: 'actions',
      name: t('palette.scheme', { next: t(`shell.scheme_${next}`) }),
      run: () => schemeSet(next),
    },
    ...(other
      ? [
          {
            key: 'language',
            group: 'actions',
            name: t('palette.language', { name: languageName(other.code, language) }),
            run: () => languageSet(other.code),
          } as const,
        ]
      : []),
    { key: 'shortcuts', group: 'actions', name: t('palette.shortcuts'), run: onShortcuts },
    ...(user
      ? [
          {
            key: 'sign-out',
            group: 'actions',
            name: t('palette.sign_out'),
            run: async () => {
              await navigate({ to: '/' });
              await signOut();
            },
          } as const,
        ]
      : []),
  ];
  return [
    ...entries.filter((e) => fits(e.name, typed)),
    ...found.patients.map(
      (p): Entry => ({
        key: `patient-${p.id}`,
        group: 'patients',
        name: p.name,
        hint: [p.phone, p.birth_on].filter(Boolean).join(' · '),
        run: () => navigate({ to: '/desk/new', search: { p: p.id } }),
      }),
    ),
    ...found.doctors.map(
      (d): Entry => ({
        key: `doctor-${d.id}`,
        group: 'doctors',
        name: doctorName(d),
        hint: [d.speciality.name, d.practices[0]?.hospital_name].filter(Boolean).join(' · '),
        run: () => navigate({ to: '/d/$id', params: { id: String(d.id) } }),
      }),
    ),
  ];
}

export function Palette({ onClose, onShortcuts }: { onClose: () => void; onShortcuts: () => void }) {
  const { t } = useTranslation();
  const dialog = useRef<HTMLDialogElement>(null);
  const list = useId();
  const [typed, setTyped] = useState('');
  const [index, setIndex] = useState(0);
  const entries = useEntries(typed, onShortcuts);
  const active = Math.min(index, entries.length - 1);
  useEffect(() => {
    if (!dialog.current?.open) dialog.current?.showModal();
  }, []);
  useEffect(() => {
    document.getElementById(`${list}-${active}`)?.scrollIntoView({ block: 'nearest' });
  }, [active, list]);
  const run = (entry: Entry | undefined) => {
    if (!entry) return;
    dialog.current?.close();
    entry.run();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const steps: Record<string, number> = {
      ArrowDown: active + 1,
      ArrowUp: active - 1,
      PageDown: active + 8,
      PageUp: active - 8,
    };
    const step = steps[event.key];
    if (step !== undefined) {
      event.preventDefault();
      const around = Math.abs(step - active) === 1 ? (step + entries.length) % Math.max(1, entries.length) : step;
      setIndex(Math.max(0, Math.min(entries.length - 1, around)));
    } else if (event.key === 'Enter') {
      event.preventDefault();
      run(entries[active]);
    }
  };
  return (
    <dialog
      ref={dialog}
      className={classes.palette}
      aria-label={t('palette.title')}
      onClose={onClose}
      onClick={(event) => event.target === dialog.current && dialog.current.close()}
      onKeyDown={(event) => event.key === 'Escape' && dialog.current?.close()}
    >
      <div className={classes.box}>
        <input
          autoFocus
          type="text"
          role="combobox"
          aria-expanded="true"
          aria-controls={list}
          aria-autocomplete="list"
          aria-activedescendant={entries.length > 0 ? `${list}-${active}` : undefined}
          aria-label={t('palette.label')}
          placeholder={t('palette.title')}
          autoComplete="off"
          spellCheck={false}
          value={typed}
          onChange={(event) => {
            setTyped(event.currentTarget.value);
            setIndex(0);
          }}
          onKeyDown={onKeyDown}
          className={classes.input}
        />
        <p role="status" className="hidden">
          {t('palette.results', { count: entries.length })}
        </p>
        <div role="listbox" id={list} aria-label={t('palette.title')} className={classes.list}>
          {entries.map((entry, i) => (
            // biome-ignore lint/a11y/useKeyWithClickEvents: the combobox above has the keys
            // biome-ignore lint/a11y/useFocusableInteractive: the focus stays in the combobox
            <div
              key={entry.key}
              id={`${list}-${i}`}
              role="option"
              aria-selected={i === active}
              className={options.option}
              onClick={() => run(entry)}
              onPointerMove={() => setIndex(i)}
            >
              <span className={options.name}>
                {entry.name}
                {entry.hint && <span className={options.detail}> {entry.hint}</span>}
              </span>
              <span className={options.kind}>{t(`palette.${entry.group}`)}</span>
            </div>
          ))}
        </div>
        {entries.length === 0 && <p className={classes.none}>{t('palette.none')}</p>}
        <p className={classes.keys}>{t('palette.keys')}</p>
      </div>
    </dialog>
  );
}
