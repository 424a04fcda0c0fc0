import { createTheme, type MantineColorsTuple } from "@mantine/core";

const ocean: MantineColorsTuple = [
  "#e8f4fa",
  "#d3e6f0",
  "#a5cce0",
  "#74b0d0",
  "#4d99c2",
  "#348bba",
  "#2179a8",
  "#14658f",
  "#0d5478",
  "#083d59",
];

/** Mantine's own greys are neutral; these lean to the blue of the rest. */
const dark: MantineColorsTuple = [
  "#e4e9ee",
  "#c4cdd6",
  "#a5b1bd",
  "#74828f",
  "#35414d",
  "#29323c",
  "#1f2831",
  "#1a2129",
  "#141a21",
  "#11171d",
];

export const theme = createTheme({
  primaryColor: "ocean",
  primaryShade: { light: 7, dark: 7 },
  colors: { ocean, dark },
  fontFamily: 'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Liberation Sans", sans-serif',
  fontFamilyMonospace: 'ui-monospace, SFMono-Regular, Menlo, Consolas, "Liberation Mono", monospace',
  defaultRadius: "md",
  focusRing: "auto",
  cursorType: "pointer",
  respectReducedMotion: true,
});
