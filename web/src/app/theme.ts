// Mantine's theme. Colours live in styles/tokens.css; the tuples here only make the names known to Mantine.
// Components are named, not imported: the first page must not carry those it does not show.
import { createTheme, type MantineColorsTuple } from '@mantine/core';

const teal: MantineColorsTuple = [
  '#e2f1f2',
  '#c3e3e5',
  '#94cdd1',
  '#61b5ba',
  '#369ea5',
  '#1a8b93',
  '#00727a',
  '#005c63',
  '#00474d',
  '#003337',
];
const red: MantineColorsTuple = [
  '#fceceb',
  '#f8d3d0',
  '#f0a8a3',
  '#e77c75',
  '#df584f',
  '#cb3a30',
  '#b42318',
  '#911c13',
  '#6e150f',
  '#4c0e0a',
];
const medium = { defaultProps: { size: 'md' } };

export const theme = createTheme({
  colors: { brand: teal, danger: red },
  primaryColor: 'brand',
  defaultRadius: 8,
  cursorType: 'pointer',
  respectReducedMotion: true,
  // Patient pages: every target is at least 44 px high (buttons: styles/base.css).
  components: {
    Button: { defaultProps: { fz: 'md' } },
    TextInput: medium,
    NativeSelect: medium,
    Textarea: medium,
  },
});
