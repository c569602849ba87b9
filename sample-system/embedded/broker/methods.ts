/** Nested values of headers and arguments, as amqplib's codec gives and takes them. */
export type Table = Record<string, unknown>;

/** The methods that this broker understands or sends, by amqplib's names. What is not here is answered with 540. */
export type Methods = {
  ConnectionStart: {
    versionMajor: number;
    versionMinor: number;
    serverProperties: Table;
    mechanisms: Buffer;
    locales: Buffer;
  };
  ConnectionStartOk: { clientProperties: Table; mechanism: string; response: Buffer; locale: string };
  ConnectionTune: Tuning;
  ConnectionTuneOk: Tuning;
  ConnectionOpen: { virtualHost: string };
  ConnectionOpenOk: Nothing;
  ConnectionClose: Closing;
  ConnectionCloseOk: Nothing;

  ChannelOpen: Nothing;
  ChannelOpenOk: Nothing;
  ChannelClose: Closing;
  ChannelCloseOk: Nothing;

  ExchangeDeclare: {
    exchange: string;
    type: string;
    passive: boolean;
    durable: boolean;
    autoDelete: boolean;
    internal: boolean;
    nowait: boolean;
    arguments: Table;
  };
  ExchangeDeclareOk: Nothing;
  ExchangeDelete: { exchange: string; ifUnused: boolean; nowait: boolean };
  ExchangeDeleteOk: Nothing;

  QueueDeclare: {
    queue: string;
    passive: boolean;
    durable: boolean;
    exclusive: boolean;
    autoDelete: boolean;
    nowait: boolean;
    arguments: Table;
  };
  QueueDeclareOk: { queue: string; messageCount: number; consumerCount: number };
  QueueBind: { queue: string; exchange: string; routingKey: string; nowait: boolean; arguments: Table };
  QueueBindOk: Nothing;
  QueueUnbind: { queue: string; exchange: string; routingKey: string; arguments: Table };
  QueueUnbindOk: Nothing;
  QueuePurge: { queue: string; nowait: boolean };
  QueuePurgeOk: { messageCount: number };
  QueueDelete: { queue: string; ifUnused: boolean; ifEmpty: boolean; nowait: boolean };
  QueueDeleteOk: { messageCount: number };

  BasicQos: { prefetchSize: number; prefetchCount: number; global: boolean };
  BasicQosOk: Nothing;
  BasicConsume: {
    queue: string;
    consumerTag: string;
    noAck: boolean;
    exclusive: boolean;
    nowait: boolean;
    arguments: Table;
  };
  BasicConsumeOk: { consumerTag: string };
  BasicCancel: { consumerTag: string; nowait: boolean };
  BasicCancelOk: { consumerTag: string };
  BasicPublish: { exchange: string; routingKey: string; mandatory: boolean; immediate: boolean };
  BasicReturn: { replyCode: number; replyText: string; exchange: string; routingKey: string };
  BasicDeliver: {
    consumerTag: string;
    deliveryTag: number;
    redelivered: boolean;
    exchange: string;
    routingKey: string;
  };
  BasicGet: { queue: string; noAck: boolean };
  BasicGetOk: {
    deliveryTag: number;
    redelivered: boolean;
    exchange: string;
    routingKey: string;
    messageCount: number;
  };
  BasicGetEmpty: Nothing;
  BasicAck: { deliveryTag: number; multiple: boolean };
  BasicReject: { deliveryTag: number; requeue: boolean };
  BasicNack: { deliveryTag: number; multiple: boolean; requeue: boolean };
  ConfirmSelect: { nowait: boolean };
  ConfirmSelectOk: Nothing;
};

type Nothing = Record<never, never>;
type Tuning = { channelMax: number; frameMax: number; heartbeat: number };
type Closing = { replyCode: number; replyText: string; classId: number; methodId: number };

export type MethodName = keyof Methods;

/** What answers methods: a promise holds the connection's next frame back until it is done. */
export type Handlers = { [Name in MethodName]?: (fields: Methods[Name]) => void | Promise<void> };
