import { ProblemPanel } from "../../components/problem-panel.js";
import { useTitle } from "../../components/use-title.js";

export function MissingPage() {
  useTitle("No such page");
  return (
    <div className="page">
      <h1 className="page-title">No such page</h1>
      <ProblemPanel problem={{ kind: "not-found", message: "This address leads to no page of Throughline." }} />
    </div>
  );
}
