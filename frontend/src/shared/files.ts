/** A file's name as a book's title. */
export const titleOf = (filename: string): string => filename.replace(/\.[^.]+$/, '');
