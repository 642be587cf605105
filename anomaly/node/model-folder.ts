/**
 * A trained model is a folder: model.json says what it is, and the files that it names hold it. A folder is written once and never changed; a new training is a new folder.
 * Nothing in it is run, and a pickle is never read.
 */
import { createHash, type Hash, randomUUID } from "node:crypto";
import { constants, type FileHandle, mkdir, open, rename, rm, stat } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { InputError } from "../src/input-error.ts";
import type { Matrix } from "../src/matrix.ts";
import { checkFed, type FeatureSchema } from "../src/multivariate/feature-schema.ts";
import { checkDescription, LIBRARY_VERSION, MODEL_FORMAT, type ModelDescription, type ModelFile, parseModelFile } from "./model-description.ts";

const DESCRIPTION = "model.json";
const MOST_DESCRIPTION_BYTES = 1 << 20;
/** A forest of 100 trees has half of one MiB, a network of hidden 128 about one. */
const MOST_BYTES = 64 << 20;

export interface SavedModel {
  readonly description: ModelFile;
  /** The bytes of each file that model.json names. */
  readonly files: Readonly<Record<string, Uint8Array>>;
}

export interface ExpectedModel {
  /** What it will be fed; left out only where rows come from outside and nobody can say what they are. */
  readonly schema?: FeatureSchema;
  readonly name?: string;
  readonly version?: string;
  /** Bytes of all files together; 64 MiB where left out. */
  readonly mostBytes?: number;
}

/**
 * Writes a model into `folder`, which must not be there yet, and whose parent is made where it is not. All of it appears at once, or nothing: files are written beside it, forced to the disk,
 * and then renamed. Throws InputError where the folder is there or the description would not be read back, and an Error with its cause where the disk refuses; then nothing is left.
 */
export async function saveModel(folder: string, description: ModelDescription, files: Readonly<Record<string, Uint8Array>>): Promise<void> {
  checkDescription(description, files);
  const target = resolve(folder);
  if (await exists(target)) throw new InputError(`there is a model in ${folder} already: a new training is a new folder`);
  const parent = dirname(target);
  const draft = join(parent, `.model-${randomUUID()}.partial`);
  const listed = Object.fromEntries(
    Object.entries(files).map(([name, bytes]) => [name, { bytes: bytes.length, sha256: sha256().update(bytes).digest("hex") }]),
  );
  // Last, so that the description of a model that was loaded cannot say which library writes this one.
  const model: ModelFile = { ...description, format: MODEL_FORMAT, library: LIBRARY_VERSION, files: listed };
  try {
    await mkdir(draft, { recursive: true });
    for (const [name, bytes] of Object.entries(files)) await writeDown(join(draft, name), bytes);
    await writeDown(join(draft, DESCRIPTION), Buffer.from(`${JSON.stringify(model, undefined, 2)}\n`));
    await syncFolder(draft);
    await rename(draft, target);
    await syncFolder(parent);
  } catch (cause) {
    await rm(draft, { recursive: true, force: true });
    throw new Error(`the model could not be written into ${folder}: ${(cause as Error).message}`, { cause });
  }
}

/**
 * Reads a model and refuses it, by an InputError that says why, where it is not the expected one, would be fed something else than it was trained on, was changed or cut, was written in
 * another form or by another series of the library, names a file by a path, holds a link or something else that is no plain file, or is too large.
 */
export async function loadModel(folder: string, { schema, name, version, mostBytes = MOST_BYTES }: ExpectedModel): Promise<SavedModel> {
  const text = await readPlainFile(folder, DESCRIPTION, MOST_DESCRIPTION_BYTES);
  const description = parseModelFile(Buffer.from(text).toString("utf8"));
  if (name !== undefined && name !== description.name) throw new InputError(`${folder} holds the model "${description.name}", not "${name}"`);
  if (version !== undefined && version !== description.version)
    throw new InputError(`${folder} holds version ${description.version} of "${description.name}", not version ${version}`);
  if (schema !== undefined) checkFed(description.schema, schema);
  const entries = Object.entries(description.files);
  const total = entries.reduce((sum, [, { bytes }]) => sum + bytes, 0);
  if (total > mostBytes) throw new InputError(`the files of ${folder} have ${total} bytes together, ${mostBytes} are allowed`);
  const files: Record<string, Uint8Array> = {};
  for (const [file, { bytes, sha256: wanted }] of entries) {
    const found = await readPlainFile(folder, file, bytes);
    if (found.length !== bytes) throw new InputError(`${join(folder, file)} has ${found.length} bytes, model.json says ${bytes}: it was cut`);
    if (sha256().update(found).digest("hex") !== wanted)
      throw new InputError(`${join(folder, file)} is not the file that model.json describes: its SHA-256 differs`);
    files[file] = found;
  }
  return { description, files };
}

/** SHA-256 of the shape and the numbers of training rows, in hexadecimal digits: the same rows, the same hash, on any machine. */
export function hashOfRows({ rows, columns, values }: Matrix): string {
  const shape = Float64Array.of(rows, columns);
  const numbers = values.subarray(0, rows * columns);
  return sha256()
    .update(new Uint8Array(shape.buffer))
    .update(new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength))
    .digest("hex");
}

const sha256 = (): Hash => createHash("sha256");

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT") return false;
      throw new InputError(`${path} cannot be looked at: ${error.message}`);
    },
  );
}

async function writeDown(path: string, bytes: Uint8Array): Promise<void> {
  const file = await open(path, "wx", 0o644);
  try {
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** A rename is on the disk when its folder is. */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, constants.O_RDONLY);
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

/** What is looked at is what is read: the file is opened once, a link is not followed, and a pipe does not make one wait. */
async function readPlainFile(folder: string, name: string, most: number): Promise<Uint8Array> {
  const path = join(folder, name);
  const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") throw new InputError(name === DESCRIPTION ? `there is no model in ${folder}: it has no ${name}` : `${path} is missing`);
    if (error.code === "ELOOP") throw new InputError(`${path} is a link: a model holds plain files alone`);
    throw new InputError(`${path} cannot be read: ${error.message}`);
  });
  try {
    return await readWhole(file, path, most);
  } finally {
    await file.close();
  }
}

async function readWhole(file: FileHandle, path: string, most: number): Promise<Uint8Array> {
  const info = await file.stat();
  if (!info.isFile()) throw new InputError(`${path} is no plain file`);
  if (info.size > most) throw new InputError(`${path} has ${info.size} bytes, ${most} are allowed`);
  return file.readFile();
}
