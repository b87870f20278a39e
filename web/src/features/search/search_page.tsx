import { IconSearch } from '@tabler/icons-react';
import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { useEffect, useId, useRef, useState } from 'react';
import { get } from '../../api/client';
import type { City, DoctorPage, Page, Speciality } from '../../api/types';
import { useLocale, useTranslation } from '../../app/i18n';
import { moneyText } from '../../app/time';
import { Button, Loader } from '../../ui/button';
import { Select, TextInput } from '../../ui/fields';
import { PageTitle } from '../../ui/page';
import { EmptyState, ErrorState, Loading } from '../../ui/states';
import { DoctorCard } from './doctor_card';
import classes from './search.module.css';
import { SearchField } from './search_field';
import { doctorQuery, frees, radii, radiusDefault, type SearchParams, sorts } from './search_params';
import { searchAfter } from './suggestions';
import { useFreshTimes } from './use_fresh_times';

const route = getRouteApi('/');
const fees = [300, 500, 800, 1000, 1500, 2000];
const typingPauseMs = 400;
const chipsMax = 8;
const ratings = [3, 3.5, 4, 4.5];

export function SearchPage() {
  const { t } = useTranslation();
  const params = route.useSearch();
  const navigate = route.useNavigate();
  const set = (change: Partial<SearchParams>, replace = false) =>
    navigate({ search: (old) => ({ ...old, ...change }), replace, resetScroll: false });
  return (
    <>
      <PageTitle title={t('search.document_title')}>{t('search.title')}</PageTitle>
      <p className={classes.lead}>{t('search.lead')}</p>
      <SearchForm params={params} set={set} />
      {!params.q && !params.spec && <Reasons onChoose={(q) => set({ q })} />}
      <div className={classes.columns}>
        <Filters params={params} set={set} />
        <Results params={params} set={set} />
      </div>
    </>
  );
}

interface PartProps {
  params: SearchParams;
  set: (change: Partial<SearchParams>, replace?: boolean) => void;
}

function SearchForm({ params, set }: PartProps) {
  const { t, language } = useTranslation();
  const navigate = useNavigate();
  const cities = useQuery({
    queryKey: ['directory', 'cities'],
    queryFn: ({ signal }) => get<Page<City>>('/api/cities', { limit: 500 }, signal),
    staleTime: 600_000,
  });
  const specialities = useSpecialities(params.city);
  const [typed, setTyped] = useState(params.q ?? '');
  // The URL's word is taken over unless it is the one typed here: the user may be typing on already.
  const sent = useRef(params.q ?? '');
  useEffect(() => {
    if ((params.q ?? '') === sent.current) return;
    sent.current = params.q ?? '';
    setTyped(sent.current);
  }, [params.q]);
  const later = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(later.current), []);
  const setKeyword = (q: string, pauseMs: number) => {
    clearTimeout(later.current);
    later.current = setTimeout(() => {
      sent.current = q.trim();
      set({ q: sent.current || undefined }, pauseMs > 0);
    }, pauseMs);
  };
  const take = (change: Partial<SearchParams>) => {
    clearTimeout(later.current);
    sent.current = change.q ?? '';
    setTyped(sent.current);
    set(change);
  };
  const byName = (a: { name: string }, b: { name: string }) => a.name.localeCompare(b.name, language);
  return (
    <search>
      <form
        className={`card ${classes.form}`}
        onSubmit={(event) => {
          event.preventDefault();
          setKeyword(typed, 0);
        }}
      >
        <SearchField
          label={t('search.keyword')}
          placeholder={t('search.keyword_hint')}
          city={params.city}
          value={typed}
          onType={(text) => {
            setTyped(text);
            setKeyword(text, typingPauseMs);
          }}
          onChoose={(suggestion, all) => {
            if (suggestion.kind === 'doctor') {
              clearTimeout(later.current);
              navigate({ to: '/d/$id', params: { id: String(suggestion.id) } });
            } else {
              take(searchAfter(suggestion, all, typed));
            }
          }}
        />
        <Select
          label={t('search.city')}
          value={params.city ?? ''}
          onChange={(e) => set({ city: Number(e.currentTarget.value) || undefined })}
        >
          <option value="">{t('search.any_city')}</option>
          {[...(cities.data?.items ?? [])].sort(byName).map((c) => (
            <option key={c.id} value={c.id}>
              {c.name} ({c.doctors})
            </option>
          ))}
        </Select>
        <Select
          label={t('search.speciality')}
          value={params.spec ?? ''}
          onChange={(e) => set({ spec: Number(e.currentTarget.value) || undefined })}
        >
          <option value="">{t('search.any_speciality')}</option>
          {[...(specialities.data?.items ?? [])].sort(byName).map((s) => (
            <option key={s.id} value={s.id}>
              {s.name} ({s.doctors})
            </option>
          ))}
        </Select>
        <Button type="submit" leftSection={<IconSearch size={20} aria-hidden="true" />} className={classes.submit}>
          {t('search.submit')}
        </Button>
      </form>
    </search>
  );
}

const reasons = ['fever', 'tooth', 'skin', 'back', 'child', 'pregnancy', 'eyes'] as const;

/** What people come for, one press each: nobody has to know what the speciality is called. */
function Reasons({ onChoose }: { onChoose: (q: string) => void }) {
  const { t } = useTranslation();
  const label = useId();
  return (
    <div className={classes.reasons}>
      <span id={label} className="muted">
        {t('search.reasons')}
      </span>
      <ul className={classes.chips} aria-labelledby={label}>
        {reasons.map((reason) => (
          <li key={reason}>
            <button type="button" className={classes.chip} onClick={() => onChoose(t(`search.reason_${reason}`))}>
              {t(`search.reason_${reason}`)}
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}

function useSpecialities(city: number | undefined) {
  return useQuery({
    queryKey: ['directory', 'specialities', city],
    queryFn: ({ signal }) => get<Page<Speciality>>('/api/specialities', { city_id: city }, signal),
    staleTime: 600_000,
    placeholderData: keepPreviousData,
  });
}

const filterNames = ['pin', 'km', 'lang', 'fee', 'rating', 'free'] as const;

function Filters({ params, set }: PartProps) {
  const { t } = useTranslation();
  const locale = useLocale();
  const heading = useId();
  // On a phone the results come first; there the filters open on demand.
  const [open, setOpen] = useState(() => window.matchMedia('(min-width: 62em)').matches);
  const [pin, setPin] = useState(params.pin ?? '');
  useEffect(() => {
    setPin(params.pin ?? '');
  }, [params.pin]);
  const facets = useDoctors(params).data?.pages[0]?.facets;
  const used = filterNames.filter((name) => params[name] !== undefined && name !== 'km').length;
  return (
    <section aria-labelledby={heading} className={classes.filters}>
      <details open={open} onToggle={(e) => setOpen(e.currentTarget.open)}>
        <summary>
          <h2 id={heading}>
            {t('search.filters')}{' '}
            {used > 0 && <span className={classes.used}>{t('search.filters_used', { count: used })}</span>}
          </h2>
        </summary>
        <div className={classes.fields}>
          <form
            onSubmit={(event) => {
              event.preventDefault();
              set({ pin: pin.trim() || undefined });
            }}
          >
            <TextInput
              label={t('search.postal_code')}
              autoComplete="postal-code"
              inputMode="numeric"
              maxLength={12}
              value={pin}
              onChange={(e) => setPin(e.currentTarget.value)}
              onBlur={() => pin.trim() !== (params.pin ?? '') && set({ pin: pin.trim() || undefined })}
            />
          </form>
          <Select
            label={t('search.radius')}
            disabled={!params.pin}
            value={params.km ?? radiusDefault}
            onChange={(e) => set({ km: Number(e.currentTarget.value) })}
          >
            {radii.map((km) => (
              <option key={km} value={km}>
                {t('search.within_km', { km })}
              </option>
            ))}
          </Select>
          <Select
            label={t('search.first_free')}
            value={params.free ?? ''}
            onChange={(e) => set({ free: frees.find((f) => f === e.currentTarget.value) })}
          >
            <option value="">{t('search.any_time')}</option>
            {frees.map((f) => (
              <option key={f} value={f}>
                {t(`search.free_${f}`)}
              </option>
            ))}
          </Select>
          <Select
            label={t('search.language')}
            value={params.lang ?? ''}
            onChange={(e) => set({ lang: e.currentTarget.value || undefined })}
          >
            <option value="">{t('search.any_language')}</option>
            {params.lang && !facets?.languages?.some((l) => l.name === params.lang) && (
              <option value={params.lang}>{params.lang}</option>
            )}
            {facets?.languages
              ?.filter((l) => l.count > 0 || l.name === params.lang)
              .map((l) => (
                <option key={l.name} value={l.name}>
                  {l.name} ({l.count})
                </option>
              ))}
          </Select>
          <Select
            label={t('search.fee')}
            value={params.fee ?? ''}
            onChange={(e) => set({ fee: Number(e.currentTarget.value) || undefined })}
          >
            <option value="">{t('search.any_fee')}</option>
            {fees.map((fee) => (
              <option key={fee} value={fee}>
                {t('search.fee_up_to', { fee: moneyText({ amount_minor: fee * 100, currency: 'INR' }, locale) })}
              </option>
            ))}
          </Select>
          <Select
            label={t('search.rating')}
            value={params.rating ?? ''}
            onChange={(e) => set({ rating: Number(e.currentTarget.value) || undefined })}
          >
            <option value="">{t('search.any_rating')}</option>
            {ratings.map((rating) => (
              <option key={rating} value={rating}>
                {t('search.rating_from', { rating })}
              </option>
            ))}
          </Select>
          {used > 0 && (
            <Button
              variant="default"
              onClick={() =>
                set({
                  pin: undefined,
                  km: undefined,
                  lang: undefined,
                  fee: undefined,
                  rating: undefined,
                  free: undefined,
                })
              }
            >
              {t('search.clear')}
            </Button>
          )}
        </div>
      </details>
    </section>
  );
}

function useDoctors(params: SearchParams) {
  return useInfiniteQuery({
    queryKey: ['doctors', params],
    queryFn: ({ pageParam, signal }) =>
      get<DoctorPage>('/api/doctors', { ...doctorQuery(params), cursor: pageParam }, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.next,
    placeholderData: keepPreviousData,
    staleTime: 30_000,
  });
}

function Results({ params, set }: PartProps) {
  const { t } = useTranslation();
  const query = useDoctors(params);
  const first = query.data?.pages[0];
  const doctors = query.data?.pages.flatMap((p) => p.items) ?? [];
  const fresh = useFreshTimes(doctors);
  const hasFilters = Object.entries(params).some(([name, value]) => name !== 'sort' && value !== undefined);
  const count = first ? t('search.count', { count: first.total }) : '';
  return (
    <section aria-label={t('search.results')} className={classes.results} aria-busy={query.isFetching}>
      <div className={classes.head}>
        <p role="status" className={classes.count}>
          {count} {query.isFetching && query.data && <Loader size={16} aria-hidden="true" />}
        </p>
        <Select
          aria-label={t('search.sort')}
          value={params.sort ?? (params.pin ? 'distance' : 'relevance')}
          onChange={(e) => set({ sort: sorts.find((s) => s === e.currentTarget.value) })}
        >
          {sorts.map((sort) => (
            <option key={sort} value={sort} disabled={sort === 'distance' && !params.pin}>
              {t(`search.sort_${sort}`)}
            </option>
          ))}
        </Select>
      </div>
      {first?.suggestion && first.suggestion !== params.q && (
        <p className={classes.suggestion}>
          {t('search.did_you_mean')}{' '}
          <button type="button" className={classes.textButton} onClick={() => set({ q: first.suggestion })}>
            {first.suggestion}
          </button>
          ?
        </p>
      )}
      <Specialities params={params} set={set} facets={first?.facets} />
      {query.isPending && <Loading lines={4} height={150} />}
      {query.isError && <ErrorState error={query.error} onRetry={() => query.refetch()} />}
      {!query.isError && first && doctors.length === 0 && (
        <EmptyState
          title={t('search.empty')}
          actions={
            hasFilters && (
              <Button
                variant="default"
                onClick={() =>
                  set(Object.fromEntries(Object.keys(params).map((name) => [name, undefined])) as Partial<SearchParams>)
                }
              >
                {t('search.clear_all')}
              </Button>
            )
          }
        >
          {t('search.empty_hint')}
        </EmptyState>
      )}
      <ul className={classes.list}>
        {doctors.map((doctor) => (
          <li key={doctor.id}>
            <DoctorCard doctor={doctor} fresh={fresh[doctor.id]} />
          </li>
        ))}
      </ul>
      {query.hasNextPage && (
        <Button variant="default" fullWidth loading={query.isFetchingNextPage} onClick={() => query.fetchNextPage()}>
          {t('search.more')}
        </Button>
      )}
    </section>
  );
}

/** The commonest specialities among what was found, one press each. */
function Specialities({ params, set, facets }: PartProps & { facets?: DoctorPage['facets'] }) {
  const { t } = useTranslation();
  const known = useSpecialities(params.city).data?.items;
  const found = (facets?.specialities ?? []).filter((s) => s.count > 0).sort((a, b) => b.count - a.count);
  // What was chosen stays first, to be taken back, whether or not anything was found or the server counts the others.
  const chosenName = known?.find((s) => s.id === params.spec)?.name;
  const chosen =
    found.find((s) => s.id === params.spec) ??
    (params.spec && chosenName ? { id: params.spec, name: chosenName, count: 0 } : undefined);
  const shown = [...(chosen ? [chosen] : []), ...found.filter((s) => s.id !== params.spec)].slice(0, chipsMax);
  if (!chosen && shown.length < 2) return null;
  return (
    <ul className={classes.chips} aria-label={t('search.specialities')}>
      {shown.map((s) => (
        <li key={s.id}>
          <button
            type="button"
            className={classes.chip}
            aria-pressed={params.spec === s.id}
            onClick={() => set({ spec: params.spec === s.id ? undefined : s.id })}
          >
            {s.name} <span className="numbers">{s.count}</span>
          </button>
        </li>
      ))}
    </ul>
  );
}
