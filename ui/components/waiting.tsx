import { Loader, type LoaderProps } from "@mantine/core";

/** Says what is under way, to eyes and to screen readers; without a role its name would be lost. */
export function Waiting({ what, size = "sm" }: { readonly what: string; readonly size?: LoaderProps["size"] }) {
  return <Loader role="img" aria-label={what} {...(size === undefined ? {} : { size })} />;
}
