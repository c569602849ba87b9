import { afterEach, describe, expect, test } from "vitest";
import { connect, endAll, startEdge, startUpstream, until } from "../testing.ts";
import { replyLost } from "./reply-lost.ts";
import { startCallee, toPlacedHttp } from "./testing.ts";

afterEach(endAll);

const get = (path: string) => `GET ${path} HTTP/1.1\r\nhost: b\r\n\r\n`;

async function start(address: string) {
  const edge = await startEdge(address, "http");
  const [client, other] = [await connect(edge.listen), await connect(edge.listen)];
  for (const one of [client, other]) {
    one.socket.write(get("/first"));
    await until(() => one.text().endsWith("/first"));
  }
  await edge.place(toPlacedHttp(replyLost, {}));
  return { edge, client, other };
}

describe("reply_lost", () => {
  test("has the work done, leaves the caller in silence until it gives up, and closes the callee's side cleanly", async () => {
    const callee = await startCallee();
    const { edge, client, other } = await start(callee.address);
    const before = client.text();
    client.socket.write(get("/lost"));
    await until(() => callee.closed.count === 1);
    expect(callee.asked).toEqual(["/first", "/first", "/lost"]);
    expect(callee.closed.reset).toBe(false);
    expect(String(Buffer.concat(callee.received[0] ?? []))).toContain("x-faultline-fault: f1;reply_lost;0\r\n\r\n");
    expect(edge.takeStats()).toMatchObject({ requests: 2, inFlight: 1, openConnections: 2 });
    // Another that is open already, and not hit, goes on.
    await edge.place(toPlacedHttp(replyLost, {}, { id: "f1", rate: 0 }));
    other.socket.write(get("/other"));
    await until(() => other.text().endsWith("/other"));
    expect([client.text(), client.socket.readyState]).toEqual([before, "open"]);
    client.socket.end();
    expect(await client.ended).toBe("end");
    await until(() => edge.takeStats()?.unanswered === 1);
    expect(client.text()).toBe(before);
  });

  test("closes the silent connection when it is removed, so that nobody waits for ever", async () => {
    const callee = await startCallee();
    const { edge, client, other } = await start(callee.address);
    client.socket.write(get("/lost"));
    await until(() => callee.closed.count === 1);
    await edge.remove("f1");
    expect(await client.ended).toBe("end");
    other.socket.write(get("/other"));
    await until(() => other.text().endsWith("/other"));
  });

  test("an answer before it arrives, and so does the word to go on; a request behind it goes nowhere", async () => {
    const callee = await startCallee();
    const edge = await startEdge(callee.address, "http");
    const client = await connect(edge.listen);
    client.socket.write(get("/first"));
    await until(() => client.text().endsWith("/first"));
    const before = client.text().length;
    await edge.place(toPlacedHttp(replyLost, {}));
    client.socket.write("POST /lost HTTP/1.1\r\nhost: b\r\nexpect: 100-continue\r\ncontent-length: 4\r\n\r\n");
    await until(() => client.text().length > before);
    expect(client.text().slice(before)).toBe("HTTP/1.1 100 Continue\r\n\r\n");
    client.socket.write(`body${get("/behind")}`);
    await until(() => callee.closed.count === 1);
    expect(callee.asked).toEqual(["/first", "/lost"]);
    expect(client.text().slice(before)).toBe("HTTP/1.1 100 Continue\r\n\r\n");
  });

  test.each([
    [
      "in many pieces",
      "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n",
      1,
    ],
    ["that lasts until the callee closes", "HTTP/1.1 200 OK\r\n\r\nso much", 1_000],
    ["that is no HTTP", "HTTP/1.1 200 OK\r\ncontent-length: ten\r\n\r\nso much", 1_000],
    ["of an upgrade", "HTTP/1.1 101 Switching\r\nconnection: upgrade\r\nupgrade: x\r\n\r\nhello", 7],
  ])("loses an answer %s", async (_name, answer, size) => {
    let over = false;
    const upstream = await startUpstream((socket) => {
      socket.on("data", async () => {
        for (let at = 0; at < answer.length; at += size) {
          socket.write(answer.slice(at, at + size));
          await new Promise(setImmediate);
        }
        if (answer.endsWith("much")) socket.end();
      });
      socket.on("end", () => {
        over = true;
        socket.end();
      });
    });
    const edge = await startEdge(upstream, "http");
    const client = await connect(edge.listen);
    await edge.place(toPlacedHttp(replyLost, {}));
    client.socket.write("GET / HTTP/1.1\r\nhost: b\r\nconnection: upgrade\r\nupgrade: x\r\n\r\n");
    await until(() => over);
    expect(client.text()).toBe(answer.includes("100") ? "HTTP/1.1 100 Continue\r\n\r\n" : "");
    expect(client.socket.readyState).toBe("open");
    client.socket.end();
    expect(await client.ended).toBe("end");
    await until(() => edge.takeStats() === null);
  });
});
