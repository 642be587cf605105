/** Setup of every test file: properties draw the same values in every run. `KINTSUGI_SEED=N` makes them draw others. */
import fc from "fast-check";

const USUAL_SEED = 20_260_105;

/** The seed that the environment asks for. Throws on what is no whole number: a run with another seed than was meant proves nothing. */
export function seedFrom(text: string | undefined): number {
  if (text === undefined || text === "") return USUAL_SEED;
  if (!/^-?\d{1,10}$/.test(text))
    throw new Error(`KINTSUGI_SEED is ${JSON.stringify(text)}: write a whole number, as fast-check prints it when a property fails`);
  return Number(text);
}

fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: seedFrom(process.env["KINTSUGI_SEED"]) });
