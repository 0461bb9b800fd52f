// What Chainlit's runner puts around an element's code, and the modules it offers that are not packages of ours.

declare const props: unknown;
declare function sendUserMessage(message: string, command?: string): void;
declare function callAction(action: { name: string; payload: Record<string, unknown> }): Promise<ActionReply | undefined>;

interface ActionReply {
  response?: { error?: string } | null;
}

declare module '@/components/markdown' {
  import type { ReactElement } from 'react';
  export function Markdown(props: { children: string; latex?: boolean; className?: string }): ReactElement;
}

declare module '@chainlit/react-client' {
  export interface OutgoingMessage {
    threadId: string;
    id: string;
    name: string;
    type: 'user_message';
    output: string;
    createdAt: string;
    command?: string;
  }
  export function useAuth(): { user: { identifier: string } | null };
  export function useChatInteract(): {
    sendMessage: (message: OutgoingMessage, files?: { id: string }[]) => void;
    uploadFile: (file: File, onProgress: (percent: number) => void) => { promise: Promise<{ id: string }> };
  };
}
