import type { Feature } from "./features.js";

/*
 * What the check weighs each feature with: for each [that the evidence supports, that it refutes], against that it says
 * too little. Written by `./throughline bench claims --fit`; never edited by hand.
 */
export type Coefficients = Readonly<Record<Feature | "bias", readonly [supports: number, refutes: number]>>;

export const COEFFICIENTS: Coefficients = {
  bias: [-2.097, -0.795],
  words: [0.237, 0.24],
  wordsWithTitle: [1.173, 0.511],
  wordsOfSentence: [0.224, 0.216],
  everyWord: [0.917, 0.527],
  oneWordMissing: [0.197, 0.124],
  missingWords: [-0.904, -0.452],
  fewWords: [-0.43, -0.567],
  order: [0.072, 0.609],
  neighbours: [0.182, -0.296],
  namesMissing: [-0.688, -0.061],
  aNameMissing: [-1.488, -0.323],
  nameReplaced: [-0.115, 1.211],
  wordReplaced: [0.526, 0.3],
  titleInClaim: [-0.435, 0.334],
  brevity: [-0.047, 0.515],
  claimLength: [0.687, -0.652],
  hasNumber: [0.098, -0.011],
  hasBound: [0.421, 0.066],
  numbersHold: [0.986, 0.382],
  numberDiffers: [0.139, -0.534],
  numbersDiffer: [-0.816, 0.358],
  numberDiffersSurely: [-0.32, 0.575],
  numberMissing: [-0.072, -0.751],
  boundHolds: [0.771, -0.115],
  boundFails: [-0.642, 0.553],
  exactDiffers: [0.388, -0.416],
  hasDate: [-0.547, -0.552],
  dateHolds: [1.094, 0.232],
  dateDiffers: [-0.663, 0.51],
  asOfDiffers: [-0.536, -0.696],
  dateMissing: [-0.442, -0.598],
  negation: [-1.572, 0.799],
  opposite: [-0.374, 0.602],
  widened: [-0.118, -0.281],
  wordsAndNumbersHold: [1.343, -0.623],
  wordsButNumberDiffers: [-0.156, 0.223],
  differsOnOtherDay: [-0.352, -0.514],
  cleanWords: [0.315, 0.169],
  noNumberToHold: [-0.085, -0.289],
};
