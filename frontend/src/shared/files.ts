/** What a file picker offers; what is really accepted is decided by the contents. */
export const ACCEPTED = '.pdf,.docx,.pptx,.html,.htm,.md,.markdown,.epub,.txt';

/** A file's name as a book's title. */
export const titleOf = (filename: string): string => filename.replace(/\.[^.]+$/, '');
