import type { FastifyInstance } from "fastify";
import type { Queries } from "../kit/database.ts";
import { confirmation, toConfirmation } from "./mail.ts";
import { sendMail } from "./mail-store.ts";

/** What ordering asks in naive mode, while its customer waits. */
export function addRoutes(server: FastifyInstance, database: Queries) {
  server.post("/mails", async (request, reply) => {
    await sendMail(database, toConfirmation(confirmation.parse(request.body)));
    reply.status(201);
    return { sent: true };
  });
}
