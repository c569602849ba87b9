import { once } from "node:events";
import http from "node:http";
import type { AddressInfo } from "node:net";

/** A service that answers as told, on a port of its own. */
export type Callee = {
  url: string;
  /** Status and body for a request; a promise keeps the caller waiting. */
  answer: (request: http.IncomingMessage) => Answer | Promise<Answer>;
  /** What it was asked, in order: "GET /products". */
  asked: string[];
  /** The headers of the last request. */
  headers: http.IncomingHttpHeaders;
  close(): Promise<void>;
};
type Answer = [status: number, body: unknown];

export async function startCallee(answer: Callee["answer"]): Promise<Callee> {
  const server = http.createServer(async (request, response) => {
    callee.asked.push(`${request.method} ${request.url}`);
    callee.headers = request.headers;
    const [status, body] = await callee.answer(request);
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const callee: Callee = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    answer,
    asked: [],
    headers: {},
    async close() {
      server.closeAllConnections();
      server.close();
      if (server.listening) await once(server, "close");
    },
  };
  return callee;
}
