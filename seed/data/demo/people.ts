import type { ChannelSeed, KeyOf, PrincipalSeed, TenantSeed, TopicSeed } from "../../studio.js";

export const tenant = {
  id: "demo",
  name: "Warmwire",
  region: "local",
  allowedRegions: ["local"],
} as const satisfies TenantSeed;

export const principals = [
  { key: "maya.osterberg", name: "Maya Osterberg", kind: "HUMAN", roles: ["tenant-admin"] },
  { key: "ines.carrow", name: "Ines Carrow", kind: "HUMAN", roles: ["editor"] },
  { key: "dov.hallam", name: "Dov Hallam", kind: "HUMAN", roles: ["editor"] },
  { key: "tomas.wrede", name: "Tomas Wrede", kind: "HUMAN", roles: ["analyst"] },
  { key: "priya.fenn", name: "Priya Fenn", kind: "HUMAN", roles: ["planner"] },
  { key: "helen.stroud", name: "Helen Stroud", kind: "HUMAN", roles: ["executive"] },
  { key: "piotr.vance", name: "Piotr Vance", kind: "HUMAN", roles: ["operator"] },
  { key: "aoife.lunn", name: "Aoife Lunn", kind: "HUMAN", roles: ["approver"] },
  { key: "sanne.merrow", name: "Sanne Merrow", kind: "HUMAN", roles: ["auditor"] },
  { key: "research-desk", name: "Research desk agent", kind: "AGENT", roles: ["agent"] },
] as const satisfies readonly PrincipalSeed[];

export type PrincipalKey = KeyOf<typeof principals>;

export const channels = [
  {
    key: "warmwire-explains",
    title: "Warmwire Explains",
    platform: "video",
    url: "https://video.example/@warmwire-explains",
    owner: "ines.carrow",
  },
  {
    key: "warmwire-bench",
    title: "Warmwire Bench",
    platform: "video",
    url: "https://video.example/@warmwire-bench",
    owner: "dov.hallam",
  },
] as const satisfies readonly ChannelSeed<PrincipalKey>[];

export type ChannelKey = KeyOf<typeof channels>;

export const topics = [
  {
    key: "topic-heat-pump-performance",
    title: "Heat pump performance",
    description: "How efficient heat pumps are in real homes, and in the cold.",
  },
  {
    key: "topic-heat-pump-cost",
    title: "What heat pumps cost",
    description: "Prices, quotes and running costs of heat pumps against gas boilers.",
  },
  {
    key: "topic-noise",
    title: "Heat pump noise",
    description: "Sound levels at the neighbour's window, the rule and the measurements.",
  },
  { key: "topic-insulation", title: "Insulation", description: "Lofts, cavity walls and what they really save." },
  {
    key: "topic-damp",
    title: "Ventilation and damp",
    description: "Mould, humidity, extractor fans and heat recovery.",
  },
  { key: "topic-solar", title: "Rooftop solar", description: "Yield, self-consumption, export payment and payback." },
  { key: "topic-batteries", title: "Home batteries", description: "Losses, ageing, prices and whether they pay." },
  { key: "topic-induction", title: "Induction cooking", description: "Speed, energy and the air in the kitchen." },
  { key: "topic-ev", title: "EV charging at home", description: "Sockets, wall boxes, rules and charging losses." },
  { key: "topic-hot-water", title: "Hot water", description: "Cylinders, standing loss and safe temperatures." },
  {
    key: "topic-tariffs",
    title: "Electricity and gas tariffs",
    description: "Unit rates, night rates and who gains from them.",
  },
  { key: "topic-grants", title: "Grants", description: "What the state pays for, how much, and how long it takes." },
] as const satisfies readonly TopicSeed[];

export type TopicKey = KeyOf<typeof topics>;
