// Codes before the camera, where the browser reads them itself.

/** What browsers that read codes have; others do not know the name. */
interface CodeDetector {
  detect(source: HTMLVideoElement): Promise<readonly { readonly rawValue: string }[]>;
}

interface CodeDetectors {
  new (options: { formats: string[] }): CodeDetector;
}

/** How often a picture is looked at: milliseconds. */
const LOOK_MS = 250;

/** Whether this browser reads codes, and a page may ask for the camera. */
export function canScan(): boolean {
  return detectors() !== undefined && typeof navigator.mediaDevices?.getUserMedia === "function";
}

/** The camera, for as long as it runs. */
export class Scanner {
  readonly video = document.createElement("video");
  #found: (text: string) => void;
  #stream: MediaStream | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isStopped = false;

  constructor(found: (text: string) => void) {
    this.#found = found;
    this.video.muted = true;
    this.video.playsInline = true;
  }

  /** Opens the camera; answers whether it opened. */
  async start(): Promise<boolean> {
    const Detectors = detectors();
    if (Detectors === undefined) return false;
    try {
      this.#stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
      this.video.srcObject = this.#stream;
      await this.video.play();
    } catch {
      this.stop();
      return false;
    }
    if (this.#isStopped) this.stop();
    else this.#look(new Detectors({ formats: ["qr_code"] }));
    return true;
  }

  stop(): void {
    this.#isStopped = true;
    clearTimeout(this.#timer);
    for (const track of this.#stream?.getTracks() ?? []) track.stop();
    this.#stream = undefined;
  }

  #look(detector: CodeDetector): void {
    this.#timer = setTimeout(async () => {
      // A picture that cannot be read is followed by the next.
      const [code] = await detector.detect(this.video).catch(() => []);
      if (this.#isStopped) return;
      if (code === undefined) return this.#look(detector);
      this.stop();
      this.#found(code.rawValue);
    }, LOOK_MS);
  }
}

function detectors(): CodeDetectors | undefined {
  return (globalThis as { BarcodeDetector?: CodeDetectors }).BarcodeDetector;
}
