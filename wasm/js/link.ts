/** What a link needs of whoever has it. */
export interface LinkOwner {
  /** A socket is open: what to send first. */
  dialled(): Uint8Array;
  received(frame: Uint8Array): void;
  disconnected(): void;
  /** The next frame to send, if any. */
  transmit(): Uint8Array | undefined;
  /** The state changed. */
  changed(): void;
}

const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 60_000;
/** A connection that lasted so long has proved itself: the next attempt does not wait long. */
const PROVED_MS = 10_000;
/** How much may wait in the browser's buffer before we make no more. */
const BUFFERED_BYTES_MAX = 1 << 20;
const OPEN_WITHIN_MS = 20_000;

type Socket = WebSocket;
type SocketClass = new (url: string) => Socket;

/** Keeps a WebSocket to the hub: dials, waits longer after each failure, and tries at once when the network is back. */
export class Link {
  state: "offline" | "connecting" | "online" = "offline";
  failure: string | undefined;
  #owner: LinkOwner;
  #url: string;
  #wanted = false;
  #socket: Socket | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #drain: ReturnType<typeof setTimeout> | undefined;
  #wait = FIRST_WAIT_MS;
  #openedAt = 0;
  /** When the last byte came, by a clock that nobody sets. */
  heardAt = 0;

  constructor(url: string, token: string | undefined, owner: LinkOwner) {
    const address = new URL(url);
    // Browsers cannot set headers on a WebSocket.
    if (token !== undefined) address.searchParams.set("access_token", token);
    this.#url = address.href;
    this.#owner = owner;
  }

  /** Connects, now and whenever the connection is lost; or leaves. */
  want(wanted: boolean): void {
    if (this.#wanted === wanted) return;
    this.#wanted = wanted;
    this.#wait = FIRST_WAIT_MS;
    if (wanted) {
      this.#dial();
    } else {
      this.#stop();
      this.failure = undefined;
      this.#set("offline");
    }
  }

  /** Something suggests that it may work now. */
  hurry(): void {
    if (!this.#wanted || this.#socket !== undefined) return;
    this.#wait = FIRST_WAIT_MS;
    this.#dial();
  }

  /** The network is gone: no point in waiting for the socket to find out. */
  lost(): void {
    if (this.#socket !== undefined) this.#ended("the network is gone");
  }

  /** The engine says why the connection is of no use. */
  fail(reason: string): void {
    if (this.#socket !== undefined) this.#ended(reason);
  }

  /** The relay has introduced itself. */
  introduced(): void {
    this.failure = undefined;
    this.#set("online");
  }

  /** Sends what there is to send, as far as the socket takes it. */
  flush(): void {
    const socket = this.#socket;
    if (socket === undefined || socket.readyState !== 1) return;
    clearTimeout(this.#drain);
    this.#drain = undefined;
    while (socket.bufferedAmount < BUFFERED_BYTES_MAX) {
      const frame = this.#owner.transmit();
      if (frame === undefined) return;
      socket.send(frame as Uint8Array<ArrayBuffer>);
    }
    // A socket does not say when it has room.
    this.#drain = setTimeout(() => this.flush(), 20);
  }

  async #dial(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#set("connecting");
    let socket: Socket;
    try {
      socket = new (await socketClass())(this.#url);
    } catch (thrown) {
      this.failure = String(thrown);
      return this.#again();
    }
    if (!this.#wanted || this.#socket !== undefined) {
      socket.close();
      return;
    }
    this.#socket = socket;
    socket.binaryType = "arraybuffer";
    const late = setTimeout(() => this.#endedOf(socket, "the hub does not answer"), OPEN_WITHIN_MS);
    socket.onopen = () => {
      clearTimeout(late);
      if (this.#socket !== socket) return;
      this.#openedAt = performance.now();
      this.heardAt = this.#openedAt;
      socket.send(this.#owner.dialled() as Uint8Array<ArrayBuffer>);
    };
    socket.onmessage = (message: MessageEvent) => {
      if (this.#socket !== socket) return;
      this.heardAt = performance.now();
      this.#owner.received(new Uint8Array(message.data as ArrayBuffer));
    };
    socket.onclose = (closed: CloseEvent) => {
      clearTimeout(late);
      this.#endedOf(socket, closed.reason || `no connection to the hub (${closed.code})`);
    };
    // A close follows, and says no less.
    socket.onerror = () => {};
  }

  #endedOf(socket: Socket, reason: string): void {
    if (this.#socket === socket) this.#ended(reason);
  }

  #ended(reason: string): void {
    this.#stop();
    this.failure = reason;
    if (this.#openedAt !== 0 && performance.now() - this.#openedAt >= PROVED_MS) {
      this.#wait = FIRST_WAIT_MS;
    }
    this.#openedAt = 0;
    if (this.#wanted) this.#again();
  }

  #stop(): void {
    clearTimeout(this.#timer);
    clearTimeout(this.#drain);
    this.#timer = undefined;
    this.#drain = undefined;
    const socket = this.#socket;
    if (socket === undefined) return;
    this.#socket = undefined;
    socket.onclose = null;
    socket.onmessage = null;
    socket.close();
    this.#owner.disconnected();
  }

  #again(): void {
    this.#set("connecting");
    // A random part of it, so that the sites of a county do not all come back in the same second.
    const wait = Math.random() * this.#wait;
    this.#wait = Math.min(this.#wait * 2, LONGEST_WAIT_MS);
    this.#timer = setTimeout(() => this.#dial(), wait);
  }

  #set(state: "offline" | "connecting" | "online"): void {
    this.state = state;
    this.#owner.changed();
  }
}

async function socketClass(): Promise<SocketClass> {
  if (typeof WebSocket !== "undefined") return WebSocket;
  // Node has one of its own from version 22 on. The name is a variable so that bundlers, whose pages
  // all have one, do not look for it.
  const name = "ws";
  try {
    const ws = (await import(/* @vite-ignore */ /* webpackIgnore: true */ name)) as {
      WebSocket: SocketClass;
    };
    return ws.WebSocket;
  } catch {
    throw new Error("there is no WebSocket: use Node 22 or later, or install the package ws");
  }
}
