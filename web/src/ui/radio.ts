// Radio buttons with their styles, which the first page does not carry.
import '@mantine/core/styles/Radio.layer.css';
import '@mantine/core/styles/InlineInput.layer.css';

export { Radio } from '@mantine/core';
