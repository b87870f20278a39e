// What the server makes of the words so far, and what choosing one of its suggestions does to the search.
import { useQuery } from '@tanstack/react-query';
import { get } from '../../api/client';
import type { Suggestion, SuggestionList } from '../../api/types';
import { useSettled } from '../../ui/use_settled';
import type { SearchParams } from './search_params';

const pauseMs = 150;
const key = ['directory', 'suggestions'] as const;
const none: Suggestion[] = [];

/**
 * Without words: where most doctors are and what for. A question that newer words overtook is aborted; one that fails
 * leaves the list empty and the search as it is, which goes its own way.
 */
export function useSuggestions(typed: string, city: number | undefined, enabled: boolean) {
  const asked = useSettled(typed, pauseMs);
  // Between the first letter and the pause, words are not settled yet: nothing is asked for, nothing offered.
  const isSettled = Boolean(asked) === Boolean(typed.trim());
  const query = useQuery({
    queryKey: [...key, asked, city],
    queryFn: ({ signal }) => get<SuggestionList>('/api/search/suggestions', { q: asked, city_id: city }, signal),
    enabled: enabled && isSettled,
    retry: false,
    staleTime: 60_000,
    // From word to word the list stays until the next one is there.
    placeholderData: (old, oldQuery) => (asked && oldQuery?.queryKey[key.length] ? old : undefined),
  });
  return !enabled || !isSettled || query.isError ? none : (query.data?.items ?? none);
}

/**
 * The search after a speciality, city or hospital was chosen. The typed words have done their work, unless several of
 * them meant different things ("tooth pain delhi"): then they stay, so that nothing that was said is lost.
 */
export function searchAfter(chosen: Suggestion, all: Suggestion[], typed: string): Partial<SearchParams> {
  const words = typed.trim().split(/\s+/);
  const saidMore = words.length > 1 && all.some((s) => s.kind !== chosen.kind);
  const q = saidMore ? words.join(' ') : undefined;
  if (chosen.kind === 'speciality') return { spec: chosen.id, q };
  if (chosen.kind === 'city') return { city: chosen.id, q };
  return { q: chosen.name };
}
