import { connect, createServer, type AddressInfo, type Socket } from "node:net";

/*
 * A TCP proxy in front of the database that loses the reply of a COMMIT: the transaction has happened, and the client sees
 * its connection break.
 */

/** Bolt's COMMIT as it stands on the wire: one chunk of two bytes, a struct without fields, then the end of the message. */
const COMMIT = Buffer.from([0x00, 0x02, 0xb0, 0x12, 0x00, 0x00]);

export interface BoltProxy {
  readonly uri: string;
  /** Replies lost so far. */
  readonly lost: number;
  /** Loses the reply of each of the next commits. */
  loseNext(replies: number): void;
  close(): Promise<void>;
}

export async function startBoltProxy(target: string): Promise<BoltProxy> {
  const { hostname, port } = new URL(target);
  const sockets = new Set<Socket>();
  let toLose = 0;
  let lost = 0;
  const server = createServer((client) => {
    const upstream = connect(Number(port), hostname);
    let committing = false;
    let tail: Buffer = Buffer.alloc(0);
    const drop = () => {
      client.destroy();
      upstream.destroy();
    };
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on("close", () => {
        sockets.delete(socket);
        drop();
      });
      socket.on("error", drop);
    }
    client.on("data", (data) => {
      const seen = Buffer.concat([tail, data]);
      if (toLose > 0 && seen.includes(COMMIT)) {
        committing = true;
        toLose--;
      }
      tail = seen.subarray(-(COMMIT.length - 1));
      upstream.write(data);
    });
    upstream.on("data", (data) => {
      if (!committing) {
        client.write(data);
        return;
      }
      // The database has answered, so it has committed.
      lost++;
      drop();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    uri: `bolt://127.0.0.1:${(server.address() as AddressInfo).port}`,
    get lost() {
      return lost;
    },
    loseNext(replies) {
      toLose = replies;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}
