/** The address under which clients know the API, as people write it. */
import { CliError, EXIT } from "./exit.ts";

export interface PublicUrl {
  /** Scheme, name and port. */
  readonly origin: string;
  /** Without port: the guard lets it in as `--allow-host` does. */
  readonly host: string;
}

/** Throws CliError unless it is scheme and name alone. */
export function parsePublicUrl(text: string): PublicUrl {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isOne = url !== undefined && (url.protocol === "https:" || url.protocol === "http:") && `${url.origin}/` === url.href;
  if (!isOne) throw new CliError(EXIT.usage, `--public-url ${text} is no address of a whole host: write for example https://kintsugi.example.org`);
  return { origin: url.origin, host: url.hostname.toLowerCase() };
}
