import { Pencil } from 'lucide-react';
import type { ReactNode } from 'react';
import { Button } from '../shared/Button';
import { request } from '../shared/request';
import { Rename } from './Rename';
import type { Shelves } from './shelves';

interface Props {
  node: { id: string; name: string };
  kind: 'semester' | 'subject' | 'book';
  shelves: Shelves;
  children: ReactNode;
}

/** A semester, subject or book with what is in it. */
export function Branch({ node, kind, shelves, children }: Props) {
  const { doing, setDoing, act } = shelves;
  return (
    <details open className={`study-branch is-${kind}`}>
      <summary>
        <span className="study-name" title={node.name}>{node.name}</span>
        <Button Icon={Pencil} look="quiet" title={`Rename this ${kind}`} aria-label={`Rename ${node.name}`}
          onClick={(event) => { event.preventDefault(); setDoing({ id: node.id, what: 'rename' }); }} />
      </summary>
      {doing?.id === node.id ? (
        <Rename name={node.name} onCancel={() => setDoing(null)}
          onSubmit={(name) => void act(() => request(`/api/library/${node.id}`, 'PATCH', { name }))} />
      ) : null}
      {children}
    </details>
  );
}
