// @modelcontextprotocol/client 2.x as it is by default, by the command stdio.
import { relay } from '../stdio.mjs';
import * as legacy from './client2-legacy.mjs';

export const connect = (url, hooks) => legacy.connect(url, hooks, {}, relay(url));
