/** AMQP 0-9-1's reply codes that this broker uses. A channel's error closes the channel; a connection's, the connection. */
const REPLIES = {
  ACCESS_REFUSED: { code: 403, closes: "channel" },
  NOT_FOUND: { code: 404, closes: "channel" },
  RESOURCE_LOCKED: { code: 405, closes: "channel" },
  PRECONDITION_FAILED: { code: 406, closes: "channel" },
  FRAME_ERROR: { code: 501, closes: "connection" },
  SYNTAX_ERROR: { code: 502, closes: "connection" },
  COMMAND_INVALID: { code: 503, closes: "connection" },
  CHANNEL_ERROR: { code: 504, closes: "connection" },
  UNEXPECTED_FRAME: { code: 505, closes: "connection" },
  RESOURCE_ERROR: { code: 506, closes: "connection" },
  NOT_ALLOWED: { code: 530, closes: "connection" },
  NOT_IMPLEMENTED: { code: 540, closes: "connection" },
  INTERNAL_ERROR: { code: 541, closes: "connection" },
} as const;

/** A refusal that goes to the client as channel.close or connection.close. */
export class AmqpError extends Error {
  readonly code: number;
  readonly closes: "channel" | "connection";

  constructor(reply: keyof typeof REPLIES, text: string, closes?: "connection") {
    super(`${reply} - ${text}`);
    this.code = REPLIES[reply].code;
    this.closes = closes ?? REPLIES[reply].closes;
  }
}
