/** Files of the home folder, without which nothing can start. */
import { PortError } from "@kintsugi/core";

/** Throws PortError that names the file which cannot be written. */
export function writing<T>(file: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new PortError({ kind: "unavailable", message: `${file} cannot be written (${why}): KINTSUGI_HOME names the folder for it` });
  }
}
