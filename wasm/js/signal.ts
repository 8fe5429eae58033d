/** What the engine wants done; what each means is said in `session/signal.rs`. */
export type Signal =
  | { type: "arrived"; document: string; name: string; changes: number }
  | {
      type: "aside";
      document: string;
      name: string | null;
      listed: { change: string; reason: string }[];
      before: string[];
      after: string[];
    }
  | { type: "behind"; document: string }
  | { type: "changed"; name: string; local: boolean }
  | { type: "close"; reason: string }
  | { type: "complaint"; message: string }
  | { type: "cursor"; store: string; position: string }
  | { type: "damaged"; document: string; name: string | null }
  | { type: "ephemeral"; name: string }
  | { type: "expand"; document: string; connection: number }
  | { type: "load"; document: string }
  | { type: "madeAgain"; change: string }
  | { type: "rebuild"; document: string; changes: number }
  | { type: "remoteHeads"; document: string; heads: string[] }
  | { type: "settled"; tickets: number[]; durable: boolean }
  | {
      type: "store";
      document: string;
      name: string | null;
      before: string[];
      after: string[];
      changes: number;
    }
  | { type: "wake" };
