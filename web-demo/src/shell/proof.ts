// The code of a certificate as an address carries it: after the `#`, which no server is sent.

const CERTIFICATE = "#/certificate/";

/** A text as an address may carry it. */
export function toBase64url(text: string): string {
  let bytes = "";
  for (const byte of new TextEncoder().encode(text)) bytes += String.fromCharCode(byte);
  return btoa(bytes).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/** What an address carries; undefined where that is no text. */
export function fromBase64url(coded: string): string | undefined {
  try {
    const bytes = Uint8Array.from(atob(coded.replaceAll("-", "+").replaceAll("_", "/")), (letter) => letter.charCodeAt(0));
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** The hash under which the workers' page shows a certificate, and says what it knows of it. */
export function certificateHash(proof: string): string {
  return CERTIFICATE + toBase64url(proof);
}

/** The certificate's code in what was scanned or pasted: an address of the page, or the lines themselves. */
export function proofIn(text: string): string {
  const at = text.indexOf(CERTIFICATE);
  if (at < 0) return text.trim();
  const [coded = ""] = text.slice(at + CERTIFICATE.length).trim().split(/[\s/?&#]/);
  return fromBase64url(coded) ?? text.trim();
}
