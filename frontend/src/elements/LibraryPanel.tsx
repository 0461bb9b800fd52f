import { LibraryPanel } from '../library/LibraryPanel';
import { once } from '../shared/once';

const Panel = once('LibraryPanel', LibraryPanel);

export default <Panel {...(props as { opened: string })} />;
