// The reception's board: who is here and waits, who is called, who is expected, who is done. All of it by keyboard:
// arrows move, A says that somebody is here, C calls the next patient, N begins a booking, / finds.
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useEffect, useMemo, useRef, useState } from 'react';
import { get } from '../../api/client';
import type { BoardRow, DoctorPage, Hospital, User } from '../../api/types';
import { useLocale, useTranslation } from '../../app/i18n';
import { staffRoles } from '../../app/session';
import { singleKeysOn } from '../../app/shortcuts';
import { dateText, timeText } from '../../app/time';
import { Button } from '../../ui/button';
import { Select, TextInput } from '../../ui/fields';
import { Guard } from '../../ui/guard';
import { LinkButton } from '../../ui/links';
import { PageTitle } from '../../ui/page';
import { EmptyState, ErrorState, Loading } from '../../ui/states';
import { useNow } from '../../ui/use_now';
import { HospitalSelect } from '../admin/hospital_select';
import { doctorName } from '../doctor/doctor_parts';
import { useHospital } from '../hospital/use_hospital';
import { type Column, columns, columnsOf, matches, patienceOf, waitedMinutes } from './board_rules';
import classes from './reception.module.css';
import { useBoard, useDeeds } from './use_board';

const route = getRouteApi('/desk');

export function BoardPage() {
  const { t } = useTranslation();
  return (
    <Guard roles={staffRoles} title={t('board.title')}>
      {(user) => <OfUser user={user} />}
    </Guard>
  );
}

function OfUser({ user }: { user: User }) {
  const { t } = useTranslation();
  const navigate = route.useNavigate();
  const search = route.useSearch();
  const hospitalId = user.hospital_id ?? search.h;
  const hospital = useHospital(hospitalId);
  return (
    <div className={`stack ${classes.page}`}>
      {!hospital.data && <PageTitle>{t('board.title')}</PageTitle>}
      {user.hospital_id === undefined && (
        <HospitalSelect value={search.h} onChange={(h) => navigate({ search: { h } })} />
      )}
      {hospitalId !== undefined && hospital.isPending && <Loading />}
      {hospital.isError && <ErrorState error={hospital.error} onRetry={() => hospital.refetch()} />}
      {hospital.data && <OfHospital hospital={hospital.data} />}
    </div>
  );
}

const roomKey = 'fairward.board_room';

function OfHospital({ hospital }: { hospital: Hospital }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const navigate = route.useNavigate();
  const { doctor } = route.useSearch();
  const [typed, setTyped] = useState('');
  const [room, setRoom] = useState(() => sessionStorage.getItem(roomKey) ?? '');
  const { query, live, refresh } = useBoard(hospital.id, doctor);
  const board = query.data;
  const deeds = useDeeds(hospital.id, refresh);
  const now = useNow();
  const rows = useMemo(() => (board?.items ?? []).filter((row) => matches(row, typed)), [board, typed]);
  const sorted = useMemo(() => columnsOf(rows), [rows]);
  const doctors = useQuery({
    queryKey: ['directory', 'hospital', hospital.id, 'doctors'],
    queryFn: ({ signal }) =>
      get<DoctorPage>('/api/doctors', { hospital_id: hospital.id, sort: 'name', limit: 30 }, signal),
    staleTime: 60_000,
  });
  const act = {
    arrive: deeds.arrive,
    call: (row: BoardRow) => deeds.call(row.doctor_id, rows, room, row),
    next: (of: number) => deeds.call(of, rows, room),
  };
  const list = useRef<HTMLDivElement>(null);
  useBoardKeys(list, rows, act, doctor);
  const title = board ? dateText(board.on, locale, { weekday: 'long', day: 'numeric', month: 'long' }) : '';
  return (
    <>
      <div className={classes.head}>
        <div>
          <PageTitle title={t('board.title')}>{t('board.heading', { day: title })}</PageTitle>
          <p className="muted">
            {hospital.name}
            {live && ` · ${t('day.live')}`}
          </p>
        </div>
        <div className="row no-print">
          <LinkButton to="/display/$id" params={{ id: String(hospital.id) }} variant="default">
            {t('board.wall')}
          </LinkButton>
          <LinkButton to="/desk/new">{t('board.new')}</LinkButton>
        </div>
      </div>
      <div className={classes.filters}>
        <TextInput
          type="search"
          label={t('board.find')}
          value={typed}
          onChange={(e) => setTyped(e.currentTarget.value)}
          autoComplete="off"
        />
        <Select
          label={t('day.doctor')}
          value={doctor ?? ''}
          onChange={(e) => {
            const chosen = Number(e.currentTarget.value) || undefined;
            navigate({ search: (old) => ({ ...old, doctor: chosen }), resetScroll: false });
          }}
        >
          <option value="">{t('day.all_doctors')}</option>
          {doctors.data?.items.map((d) => (
            <option key={d.id} value={d.id}>
              {doctorName(d)}
            </option>
          ))}
        </Select>
        <TextInput
          label={t('board.room')}
          value={room}
          maxLength={40}
          onChange={(e) => {
            setRoom(e.currentTarget.value);
            sessionStorage.setItem(roomKey, e.currentTarget.value);
          }}
        />
        {doctor && (
          <Button
            onClick={() => act.next(doctor)}
            loading={deeds.pending === `next ${doctor}`}
            disabled={!sorted.here.some((row) => row.doctor_id === doctor)}
          >
            {t('board.call_next')}
          </Button>
        )}
      </div>
      <p className={`muted ${classes.keys}`}>{t('board.keys')}</p>
      <p role="status" className={classes.said}>
        {deeds.done && t(`board.said_${deeds.done.kind}`, { name: deeds.done.name, token: deeds.done.token })}
      </p>
      {deeds.error !== undefined && <ErrorState error={deeds.error} />}
      {query.isPending && <Loading lines={5} height={56} />}
      {query.isError && <ErrorState error={query.error} onRetry={() => query.refetch()} />}
      {board && board.items.length === 0 && <EmptyState title={t('board.empty')}>{t('board.empty_hint')}</EmptyState>}
      {board && board.items.length > 0 && (
        <div ref={list} className={classes.columns}>
          {columns.map((column) => (
            <ColumnView key={column} column={column} rows={sorted[column]}>
              {sorted[column].map((row) => (
                <Row
                  key={row.appointment_id}
                  row={row}
                  zone={board.time_zone}
                  now={now}
                  delay={board.delays.find((d) => d.doctor_id === row.doctor_id)?.minutes ?? 0}
                  showDoctor={!doctor}
                  pending={deeds.pending}
                  onArrive={() => act.arrive(row)}
                  onCall={() => act.call(row)}
                />
              ))}
            </ColumnView>
          ))}
        </div>
      )}
    </>
  );
}

interface Acts {
  arrive: (row: BoardRow) => void;
  call: (row: BoardRow) => void;
  next: (doctor: number) => void;
}

const isTyping = (target: EventTarget | null) =>
  target instanceof HTMLElement && /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName);

/** Arrows move among the rows, letters do what the buttons of the row do. */
function useBoardKeys(list: React.RefObject<HTMLDivElement | null>, rows: BoardRow[], act: Acts, doctor?: number) {
  const navigate = route.useNavigate();
  const latest = useRef({ rows, act, doctor });
  latest.current = { rows, act, doctor };
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
      const all = [...(list.current?.querySelectorAll<HTMLElement>('[data-row]') ?? [])];
      const at = all.findIndex((one) => one.contains(document.activeElement));
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (step !== undefined && (at >= 0 || document.activeElement === document.body)) {
        event.preventDefault();
        all[Math.min(all.length - 1, Math.max(0, at + step))]?.focus();
        return;
      }
      if (!singleKeysOn()) return;
      const { rows: shown, act: acts, doctor: chosen } = latest.current;
      const row = shown.find((one) => String(one.appointment_id) === all[at]?.dataset.row);
      const key = event.key.toLowerCase();
      if (key === 'n') navigate({ to: '/desk/new' });
      else if (key === 'a' && row?.state === 'booked') acts.arrive(row);
      else if (key === 'c' && row?.state === 'called') acts.call(row);
      else if (key === 'c' && (row ?? chosen)) acts.next(row?.doctor_id ?? Number(chosen));
      else return;
      event.preventDefault();
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, [list, navigate]);
}

function ColumnView({ column, rows, children }: { column: Column; rows: BoardRow[]; children: React.ReactNode }) {
  const { t } = useTranslation();
  return (
    <section className={classes.column} data-column={column} aria-labelledby={`column-${column}`}>
      <h2 id={`column-${column}`}>
        {t(`board.column_${column}`)} <span className="muted numbers">{rows.length}</span>
      </h2>
      {rows.length === 0 && <p className="muted">{t(`board.none_${column}`)}</p>}
      <ul className={classes.list}>{children}</ul>
    </section>
  );
}

interface RowProps {
  row: BoardRow;
  zone: string;
  now: number;
  delay: number;
  showDoctor: boolean;
  pending?: string;
  onArrive: () => void;
  onCall: () => void;
}

function Row({ row, zone, now, delay, showDoctor, pending, onArrive, onCall }: RowProps) {
  const { t } = useTranslation();
  const locale = useLocale();
  const minutes = waitedMinutes(row, now);
  const isHere = row.state === 'arrived';
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a row is where the board's letter keys act
    <li className={`card ${classes.row}`} data-row={row.appointment_id} data-state={row.state} tabIndex={0}>
      {row.token !== undefined && (
        <span className={`${classes.token} numbers`} role="img" aria-label={t('board.token', { token: row.token })}>
          {row.token}
        </span>
      )}
      <div className={classes.who}>
        <strong>{row.patient_name}</strong>
        <span className="muted">
          <span className="numbers">{timeText(zone, row.starts_at, locale)}</span>
          {showDoctor && ` · ${row.doctor_name}`}
          {row.room && ` · ${row.room}`}
          {row.state === 'noshow' && ` · ${t('status.noshow')}`}
          {delay > 0 && row.state === 'booked' && ` · ${t('board.late', { count: delay })}`}
        </span>
        {isHere && (
          <span className={classes.wait} data-patience={patienceOf(minutes)}>
            {minutes > 0 ? t('board.waits', { count: minutes }) : t('board.early')}
            {row.turn !== undefined && ` · ${t('board.turn', { turn: row.turn })}`}
          </span>
        )}
      </div>
      {row.state === 'booked' && (
        <Button
          compact
          variant="default"
          loading={pending === `arrive ${row.appointment_id}`}
          onClick={onArrive}
          aria-label={t('board.arrive_label', { name: row.patient_name })}
        >
          {t('board.arrive')}
        </Button>
      )}
      {(isHere || row.state === 'called') && (
        <Button
          compact
          variant={isHere && row.turn === 1 ? 'filled' : 'default'}
          loading={pending === `call ${row.appointment_id}`}
          onClick={onCall}
          aria-label={t(isHere ? 'board.call_label' : 'board.recall_label', { name: row.patient_name })}
        >
          {t(isHere ? 'board.call' : 'board.recall')}
        </Button>
      )}
    </li>
  );
}
