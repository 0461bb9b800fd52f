interface Sent {
  output: string;
  command?: string;
  files?: { id: string }[];
}

/** What the chat was told, and how it takes files. */
export const chat = {
  sent: [] as Sent[],
  upload: (file: File): Promise<{ id: string }> => Promise.resolve({ id: file.name }),
};

const interact = {
  sendMessage: ({ output, command }: Sent, files?: { id: string }[]) => { chat.sent.push({ output, command, files }); },
  uploadFile: (file: File) => ({ promise: chat.upload(file) }),
};

/** Stands in for @chainlit/react-client. */
export const useChatInteract = () => interact;
export const useAuth = () => ({ user: { identifier: 'local' } });
