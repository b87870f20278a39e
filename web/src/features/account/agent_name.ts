// What a browser's User-Agent is called by people: "Chrome, Android".
const browsers = [
  ['Edg/', 'Edge'],
  ['OPR/', 'Opera'],
  ['Firefox/', 'Firefox'],
  ['Chrome/', 'Chrome'],
  ['Safari/', 'Safari'],
] as const;
const systems = [
  ['Android', 'Android'],
  ['iPhone', 'iPhone'],
  ['iPad', 'iPad'],
  ['Windows', 'Windows'],
  ['Mac OS X', 'macOS'],
  ['Linux', 'Linux'],
] as const;

/** undefined where it is no browser that people know: then the kind of session is told instead. */
export function agentName(agent: string | undefined) {
  if (!agent) return undefined;
  const browser = browsers.find(([mark]) => agent.includes(mark))?.[1];
  if (!browser) return agent.slice(0, 60);
  const system = systems.find(([mark]) => agent.includes(mark))?.[1];
  return system ? `${browser}, ${system}` : browser;
}
