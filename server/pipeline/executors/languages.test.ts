import { describe, expect, it } from "vitest";
import { isMisread, languageName, languageOf } from "./languages.js";

const TEXTS: Readonly<Record<string, string>> = {
  en: "The bridge was opened in the spring of that year, and it has been one of the most used of the city for as long as people can remember.",
  de: "Die Brücke wurde im Frühjahr des Jahres eröffnet und ist seit der Zeit eine der am meisten benutzten der Stadt, wie es sich die Leute nicht anders denken.",
  fr: "Le pont a été ouvert au printemps de cette année et il est depuis un des plus utilisés de la ville, comme le disent les gens qui sont dans le quartier.",
  es: "El puente se abrió en la primavera de ese año y es desde entonces uno de los más usados de la ciudad, como dicen los que viven en el barrio.",
  la: "Lorem ipsum dolor sit amet, consectetur adipisicing elit, sed do eiusmod tempor incididunt ut labore et dolore magna aliqua ut enim ad minim veniam.",
  ru: "Мост был открыт весной того года и с тех пор является одним из самых используемых в городе.",
  ar: "تم افتتاح الجسر في ربيع ذلك العام ومنذ ذلك الحين أصبح من أكثر الجسور استخداما في المدينة.",
  ja: "その橋はその年の春に開通し、それ以来、市内で最も利用されている橋の一つとなっている。",
};

describe("the language of a text", () => {
  it.each(Object.entries(TEXTS))("is %s", (code, text) => {
    expect(languageOf(text)).toBe(code);
  });

  it("isn't told of what is too short, or of names and numbers alone", () => {
    expect(languageOf("The bridge of Basel.")).toBeNull();
    expect(languageOf("Anna Berg 1932 Basel Rhine Wettstein 1,201 ".repeat(10))).toBeNull();
    expect(languageName("de")).toBe("German");
  });

  it("counts what a text is, not a word that it quotes", () => {
    expect(languageOf(`${TEXTS["en"]} They call it “${TEXTS["ar"]}”. ${TEXTS["en"]!.repeat(3)}`)).toBe("en");
  });
});

describe("a text read in a wrong encoding", () => {
  it("is told by what its letters became", () => {
    const german = TEXTS["de"]!.repeat(4);
    const misread = new TextDecoder("windows-1252").decode(Buffer.from(german, "utf8"));
    const undecoded = new TextDecoder("utf-8").decode(Buffer.from(german, "latin1"));
    expect([isMisread(german), isMisread(misread), isMisread(undecoded)]).toEqual([false, true, true]);
    expect(isMisread(`${TEXTS["en"]!.repeat(10)} One bad sign \uFFFD in it.`)).toBe(false);
  });
});
