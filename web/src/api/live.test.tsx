import { act, render } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { useLive } from './live';

class FakeSource extends EventTarget {
  static CLOSED = 2;
  static all: FakeSource[] = [];
  readyState = 0;
  closed = false;
  onopen?: () => void;
  onerror?: () => void;
  constructor(readonly url: string) {
    super();
    FakeSource.all.push(this);
  }
  close() {
    this.closed = true;
  }
  say(name: string, data: string) {
    this.dispatchEvent(new MessageEvent(name, { data }));
  }
}

let heard: string[];
function Listener({ topics }: { topics: string[] }) {
  const live = useLive(topics, (topic) => heard.push(topic));
  return <p>{live ? 'live' : 'polling'}</p>;
}

describe('live changes', () => {
  beforeEach(() => {
    heard = [];
    FakeSource.all = [];
    vi.stubGlobal('EventSource', FakeSource);
  });
  afterEach(() => vi.unstubAllGlobals());

  it('names the topic that changed, and closes the stream with the component', () => {
    const view = render(<Listener topics={['doctor/1', 'doctor/2']} />);
    const source = FakeSource.all[0];
    expect(source?.url).toBe('/api/events?topics=doctor/1,doctor/2');
    act(() => source?.onopen?.());
    expect(view.container.textContent).toBe('live');
    act(() => source?.say('changed', '{"topic":"doctor/2"}'));
    act(() => source?.say('changed', 'not json'));
    expect(heard).toEqual(['doctor/1', 'doctor/2', 'doctor/2', 'doctor/1']);
    view.unmount();
    expect(source?.closed).toBe(true);
  });

  it('says when there is no stream, and looks at everything whenever it opens', () => {
    const view = render(<Listener topics={['wait/1']} />);
    act(() => FakeSource.all[0]?.onopen?.());
    act(() => FakeSource.all[0]?.onerror?.());
    expect(view.container.textContent).toBe('polling');
    act(() => FakeSource.all[0]?.onopen?.());
    expect(view.container.textContent).toBe('live');
    expect(heard).toEqual(['wait/1', 'wait/1']);
  });
});
