import { mountFrame } from "../shell/frame.ts";

mountFrame("hub");
