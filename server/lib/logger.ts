/** Where what nobody foresaw is written; pino satisfies it. What a person should act on goes to the event list instead. */
export type Logger = {
  warn(details: object, text: string): void;
  error(details: object, text: string): void;
};

export const silentLogger: Logger = { warn: () => {}, error: () => {} };
