import type { ChannelSeed, KeyOf, PrincipalSeed, TenantSeed, TopicSeed } from "../../studio.js";

export const tenant = {
  id: "northlight",
  name: "Northlight Media",
  region: "local",
  allowedRegions: ["local"],
} as const satisfies TenantSeed;

export const principals = [
  { key: "noa.brandt", name: "Noa Brandt", kind: "HUMAN", roles: ["tenant-admin"] },
  { key: "elin.tarrow", name: "Elin Tarrow", kind: "HUMAN", roles: ["editor"] },
  { key: "lucas.imre", name: "Lucas Imre", kind: "HUMAN", roles: ["analyst"] },
  { key: "greta.holm", name: "Greta Holm", kind: "HUMAN", roles: ["executive"] },
] as const satisfies readonly PrincipalSeed[];

export type PrincipalKey = KeyOf<typeof principals>;

export const channels = [
  {
    key: "northlight-homes",
    title: "Northlight Homes",
    platform: "video",
    url: "https://video.example/@northlight-homes",
    owner: "elin.tarrow",
  },
] as const satisfies readonly ChannelSeed<PrincipalKey>[];

export type ChannelKey = KeyOf<typeof channels>;

export const topics = [
  { key: "nl-topic-heating", title: "Heating", description: "Heat pumps, boilers and radiators." },
  { key: "nl-topic-solar", title: "Rooftop solar", description: "Panels on roofs and balconies." },
  { key: "nl-topic-money", title: "Bills and grants", description: "What energy costs and what the state pays." },
  { key: "nl-topic-healthy", title: "Healthy rooms", description: "Damp, air and light." },
] as const satisfies readonly TopicSeed[];

export type TopicKey = KeyOf<typeof topics>;
