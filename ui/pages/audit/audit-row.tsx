import { Button } from "@mantine/core";
import { useState } from "react";
import { Badge } from "../../components/governance/badge.js";
import { Json } from "../../components/governance/json.js";
import { Instant } from "../../components/instant.js";
import { graphql } from "../../gql/gql.js";
import { readFragment, type FragmentType } from "../../gql/fragment-masking.js";

const AuditRow_Entry = graphql(/* GraphQL */ `
  fragment AuditRow_Entry on AuditEntry {
    id
    at
    actor
    actorName
    onBehalfOf
    command
    capability
    reason
    adr
    outcome
    denied
    detail
    erased
    sealed
    sequence
    operationId
    inputHash
    outputHash
    leafHash
    policy
  }
`);

/** One entry; its hashes and details below it when asked for. */
export function AuditRow({ entry }: { readonly entry: FragmentType<typeof AuditRow_Entry> }) {
  const one = readFragment(AuditRow_Entry, entry);
  const [open, setOpen] = useState(false);
  const details: readonly (readonly [string, string | null | undefined])[] = [
    ["Entry", one.id],
    ["Operation", one.operationId],
    ["Capability", one.capability],
    ["Decision record", one.adr],
    ["Denied by", one.denied.join(", ")],
    ["Input, SHA-256", one.inputHash],
    ["Result, SHA-256", one.outputHash],
    ["Leaf", one.leafHash],
    ["Policy", one.policy],
  ];
  return (
    <>
      <tr>
        <td>
          <Instant at={one.at} />
        </td>
        <td>
          {one.erased ? "(erased)" : (one.actorName ?? one.actor)}
          {one.onBehalfOf != null && ` for ${one.onBehalfOf}`}
        </td>
        <td>{one.command}</td>
        <td>{one.reason}</td>
        <td>
          <Badge text={one.outcome === "DONE" ? "Done" : "Refused"} tone={one.outcome === "DONE" ? "good" : "bad"} />
        </td>
        <td>{one.sequence ?? "not sealed"}</td>
        <td>
          <Button
            size="compact-xs"
            variant="subtle"
            aria-expanded={open}
            aria-label={`${open ? "Less" : "Details"} of ${one.command}, ${one.operationId}`}
            onClick={() => setOpen(!open)}
          >
            {open ? "Less" : "Details"}
          </Button>
        </td>
      </tr>
      {open && (
        <tr>
          <td colSpan={7}>
            <dl className="facts">
              {details
                .filter(([, value]) => value != null && value !== "")
                .map(([name, value]) => [
                  <dt key={name}>{name}</dt>,
                  <dd key={`${name} value`}>
                    <code>{value}</code>
                  </dd>,
                ])}
            </dl>
            {one.detail != null && <Json text={one.detail} name="Details of the entry" />}
          </td>
        </tr>
      )}
    </>
  );
}
