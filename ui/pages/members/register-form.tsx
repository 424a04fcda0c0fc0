import { MultiSelect, NativeSelect, TextInput } from "@mantine/core";
import { useState } from "react";
import { useAct } from "../../api/use-act.js";
import { ActForm } from "../../components/governance/act-form.js";
import { useAnnounce } from "../../components/live-region.js";
import { graphql } from "../../gql/gql.js";
import type { PrincipalKind } from "../../gql/graphql.js";
import { ROLES } from "./roles.js";

const RegisterForm_Register = graphql(/* GraphQL */ `
  mutation RegisterForm_Register($input: RegisterPrincipalInput!) {
    registerPrincipal(input: $input) {
      problems {
        message
        path
      }
    }
  }
`);

export function RegisterForm({ changed }: { changed(): void }) {
  const register = useAct(RegisterForm_Register);
  const announce = useAnnounce();
  const [kind, setKind] = useState<PrincipalKind>("HUMAN");
  const [key, setKey] = useState("");
  const [name, setName] = useState("");
  const [roles, setRoles] = useState<string[]>([]);
  return (
    <section className="panel" aria-labelledby="register-title">
      <h2 id="register-title">Register a member</h2>
      <ActForm
        name="Register a member"
        submit="Register"
        busy={register.busy}
        problems={register.problems}
        missing={roles.length === 0 ? "Choose at least one role." : null}
        onSubmit={async (given) => {
          if ((await register.act({ ...given, kind, key, name, roles })) === null) return false;
          announce(`${name} is registered`);
          setKey("");
          setName("");
          setRoles([]);
          changed();
          return true;
        }}
      >
        <NativeSelect
          label="Kind"
          value={kind}
          onChange={(event) => setKind(event.currentTarget.value as PrincipalKind)}
          data={[
            { value: "HUMAN", label: "Person" },
            { value: "AGENT", label: "Agent" },
            { value: "SERVICE", label: "Service" },
          ]}
        />
        <TextInput
          label="Login"
          description="For people: what your organisation's sign-in calls them"
          required
          value={key}
          onChange={(event) => setKey(event.currentTarget.value)}
        />
        <TextInput
          label="Name"
          required
          maxLength={200}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <MultiSelect label="Roles" data={[...ROLES]} value={roles} onChange={setRoles} />
      </ActForm>
    </section>
  );
}
