// @modelcontextprotocol/client 2.x on 2026-07-28, by the command stdio.
import { relay } from '../stdio.mjs';
import * as legacy from './client2-legacy.mjs';

export const connect = (url, hooks) =>
  legacy.connect(url, hooks, { versionNegotiation: { mode: { pin: '2026-07-28' } } }, relay(url));
