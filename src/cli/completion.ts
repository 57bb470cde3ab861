export async function printCompletions(_words: readonly string[], _root: string): Promise<void> {}
