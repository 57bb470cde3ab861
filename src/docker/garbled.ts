// What an engine's stream can be besides right: broken, or an error told inside it.

/** The bytes are not what Docker's API promises: cut short, or not from an engine at all. */
export class GarbledStream extends Error {}

/** The engine said, inside an answer that had begun as a success, that the deed failed. */
export class ToldInStream extends Error {}
