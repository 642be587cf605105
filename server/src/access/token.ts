/** The one secret of the API: generated, kept in a file for its owner alone, never printed. */
import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import { closeSync, fsyncSync, openSync, readFileSync, renameSync, rmSync, statSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import { makePrivateFolder } from "../private-folder.ts";

/** 256 bits, base64url. */
const TOKEN = /^[A-Za-z0-9_-]{43}$/;

/** Reads the token, or makes a new one when there is none or when others could have read it. */
export function ensureToken(file: string): string {
  return usableToken(file) ?? createToken(file);
}

function usableToken(file: string): string | undefined {
  try {
    const { mode, uid } = statSync(file);
    if ((mode & 0o077) !== 0 || (process.getuid !== undefined && uid !== process.getuid())) return undefined;
    const text = readFileSync(file, "utf8").trim();
    return TOKEN.test(text) ? text : undefined;
  } catch {
    return undefined;
  }
}

function createToken(file: string): string {
  makePrivateFolder(dirname(file));
  const token = randomBytes(32).toString("base64url");
  const fresh = `${file}.${process.pid}`;
  try {
    // Its name can be foretold: what lies there, or where it leads to, is not written to.
    rmSync(fresh, { force: true });
    const handle = openSync(fresh, "wx", 0o600);
    writeSync(handle, `${token}\n`);
    fsyncSync(handle);
    closeSync(handle);
    renameSync(fresh, file);
  } finally {
    rmSync(fresh, { force: true });
  }
  return token;
}

/** Compares in constant time, whatever the lengths. */
export function sameToken(given: string, expected: string): boolean {
  return timingSafeEqual(digest(given), digest(expected));
}

function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
