// Live changes: server-sent events say "this topic changed", the caller refetches. Where no stream can be had, `live`
// is false and the caller polls instead.
import { useEffect, useRef, useState } from 'react';

// EventSource delivers named events only to listeners of that name.
const eventNames = [
  'message',
  'changed',
  'change',
  'updated',
  'update',
  'doctor',
  'slots',
  'hold',
  'wait',
  'offer',
  'appointment',
  'topic',
];

export interface LiveOptions {
  enabled?: boolean;
  /** Keep the stream while the page is hidden, for what the user waits for. */
  background?: boolean;
}

export function useLive(topics: string[], onChange: (topic: string) => void, options: LiveOptions = {}) {
  const { enabled = true, background = false } = options;
  const [live, setLive] = useState(false);
  const latest = useRef(onChange);
  latest.current = onChange;
  const list = topics.join(',');

  useEffect(() => {
    if (!enabled || !list || typeof EventSource === 'undefined') return;
    let source: EventSource | undefined;
    let retry: ReturnType<typeof setTimeout> | undefined;
    let failures = 0;
    const close = () => {
      clearTimeout(retry);
      source?.close();
      source = undefined;
    };
    const open = () => {
      close();
      source = new EventSource(
        `/api/events?topics=${encodeURIComponent(list).replaceAll('%2C', ',').replaceAll('%2F', '/')}`,
      );
      source.onopen = () => {
        setLive(true);
        // Whatever changed between the last answer and now would be missed otherwise.
        for (const topic of list.split(',')) latest.current(topic);
        failures = 0;
      };
      source.onerror = () => {
        setLive(false);
        failures += 1;
        // CLOSED means the browser gave up (an HTTP error); CONNECTING means it retries by itself.
        if (source?.readyState === EventSource.CLOSED) retry = setTimeout(open, Math.min(60_000, 2000 * 2 ** failures));
      };
      const heard = (event: MessageEvent) => latest.current(topicOf(event, list));
      for (const name of eventNames) source.addEventListener(name, heard as EventListener);
    };
    const onVisibility = () => {
      if (document.hidden) {
        close();
        setLive(false);
      } else if (!source) {
        failures += 1;
        open();
      }
    };
    open();
    if (!background) document.addEventListener('visibilitychange', onVisibility);
    return () => {
      document.removeEventListener('visibilitychange', onVisibility);
      close();
      setLive(false);
    };
  }, [list, enabled, background]);

  return live;
}

export function topicOf(event: MessageEvent, fallback: string) {
  try {
    const data = JSON.parse(event.data);
    if (typeof data.topic === 'string') return data.topic;
  } catch {
    // The event alone says enough.
  }
  return fallback.split(',')[0] ?? fallback;
}
