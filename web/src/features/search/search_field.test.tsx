import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { fireEvent, render, screen, waitFor } from '@testing-library/react';
import { useState } from 'react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Suggestion } from '../../api/types';
import { SearchField } from './search_field';

const cardiologist = { kind: 'speciality', id: 1, name: 'Cardiologist', doctors: 2 };
const rao = { kind: 'doctor', id: 7, name: 'Dr Asha Rao', detail: 'Cardiologist, Mumbai' };
const asked: { q: string | null; signal?: AbortSignal | null }[] = [];
let answer: (q: string | null) => Promise<Response>;
const json = (body: object, status = 200) => new Response(JSON.stringify(body), { status });

beforeEach(() => {
  asked.length = 0;
  answer = async () => json({ items: [cardiologist, rao] });
  vi.stubGlobal('fetch', (url: string, init: RequestInit) => {
    const q = new URL(url, 'http://x').searchParams.get('q');
    asked.push({ q, signal: init.signal });
    return answer(q);
  });
});
afterEach(() => vi.unstubAllGlobals());

function Harness({ onChoose }: { onChoose: (chosen: Suggestion) => void }) {
  const [typed, setTyped] = useState('');
  return <SearchField label="Find" placeholder="" value={typed} onType={setTyped} onChoose={onChoose} />;
}
function show() {
  const chosen = vi.fn();
  render(
    <QueryClientProvider client={new QueryClient()}>
      <Harness onChoose={chosen} />
    </QueryClientProvider>,
  );
  return { chosen, field: screen.getByRole<HTMLInputElement>('combobox') };
}
const type = (field: HTMLElement, value: string) => fireEvent.change(field, { target: { value } });
const selected = () => screen.queryByRole('option', { selected: true })?.textContent;

describe('search field', () => {
  it('asks nothing before it is used, then for what most people look for', async () => {
    const { field } = show();
    expect(asked).toEqual([]);
    expect(field.getAttribute('aria-expanded')).toBe('false');
    fireEvent.keyDown(field, { key: 'ArrowDown' });
    await screen.findByRole('listbox');
    expect(asked.map((a) => a.q)).toEqual([null]);
  });
  it('is led through by arrow keys, around the end, and takes with Enter', async () => {
    const { field, chosen } = show();
    type(field, 'heart');
    await screen.findAllByRole('option');
    expect(selected()).toBeUndefined();
    fireEvent.keyDown(field, { key: 'ArrowDown' });
    expect(selected()).toContain('Cardiologist');
    expect(document.getElementById(field.getAttribute('aria-activedescendant') ?? '')?.textContent).toContain('Cardio');
    fireEvent.keyDown(field, { key: 'ArrowDown' });
    fireEvent.keyDown(field, { key: 'ArrowDown' });
    expect(selected()).toBeUndefined();
    fireEvent.keyDown(field, { key: 'ArrowUp' });
    expect(selected()).toContain('Asha Rao');
    expect(fireEvent.keyDown(field, { key: 'Enter' })).toBe(false);
    expect(chosen.mock.calls[0]?.[0]).toEqual(rao);
    expect(screen.queryByRole('listbox')).toBeNull();
  });
  it('leaves Enter to the form when nothing is chosen', async () => {
    const { field, chosen } = show();
    type(field, 'heart');
    await screen.findByRole('listbox');
    expect(fireEvent.keyDown(field, { key: 'Enter' })).toBe(true);
    expect(chosen).not.toHaveBeenCalled();
    expect(screen.queryByRole('listbox')).toBeNull();
  });
  it('closes with Escape, empties with the second', async () => {
    const { field } = show();
    type(field, 'heart');
    await screen.findByRole('listbox');
    fireEvent.keyDown(field, { key: 'Escape' });
    expect(screen.queryByRole('listbox')).toBeNull();
    expect(field.value).toBe('heart');
    fireEvent.keyDown(field, { key: 'Escape' });
    expect(field.value).toBe('');
  });
  it('waits for a pause, and aborts what newer words overtook', async () => {
    const { field } = show();
    answer = (q) => (q === 'he' ? new Promise(() => {}) : Promise.resolve(json({ items: [cardiologist] })));
    for (const word of ['h', 'he']) type(field, word);
    await waitFor(() => expect(asked.map((a) => a.q)).toContain('he'));
    expect(asked.map((a) => a.q)).not.toContain('h');
    type(field, 'hea');
    await screen.findByRole('option');
    expect(asked.find((a) => a.q === 'he')?.signal?.aborted).toBe(true);
  });
  it('keeps what was typed, and shows no list, when the question fails', async () => {
    const { field } = show();
    type(field, 'heart');
    await screen.findByRole('listbox');
    answer = async () => json({ code: 'server.fault', title: 'Fault', status: 500 }, 400);
    type(field, 'hearts');
    await waitFor(() => expect(screen.queryByRole('listbox')).toBeNull());
    expect(field.value).toBe('hearts');
  });
});
