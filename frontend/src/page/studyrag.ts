import { Drawer } from './drawer';
import { rememberThread, watchConversation } from './conversation';

// Without this Chainlit starts dark, whatever the system prefers.
if (!localStorage.getItem('vite-ui-theme')) localStorage.setItem('vite-ui-theme', 'system');

const drawer = new Drawer();
drawer.listen();
rememberThread();
watchConversation(() => drawer.close());
