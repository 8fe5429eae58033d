import { mountFrame } from "../shell/frame.ts";

mountFrame("station");
